/**
 * JSON values as YAML, in the form of Go's `sigs.k8s.io/yaml`: lists not indented, texts plain where
 * no reader of YAML 1.1 can mistake them for something else. So `-o yaml` is equal to that of
 * kubectl and kn, and what is printed is read back as it was.
 */
import {
  boolCoreTag,
  defineScalarTag,
  dump,
  type DumpOptions,
  FAILSAFE_SCHEMA,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarLayout,
} from 'js-yaml'
import {hasUnseen, visibleText} from '../visible-text.ts'
import {resolvePlain} from './scalars.ts'

/** How to print. */
export interface PrintOptions {
  /** Keeps the order that fields have, instead of sorting them as kubectl does. */
  readonly keepOrder?: boolean
}

/** The YAML of a JSON value, with a newline at its end. */
export function printYaml(value: unknown, {keepOrder = false}: PrintOptions = {}): string {
  // What is unseen stands in double quotes only, where its escape means the same.
  const text = visibleText(dump(value, {...OPTIONS, sortKeys: !keepOrder}))
  // Marks the end of a text whose newlines count; Go leaves that to the end of the file.
  return text.endsWith('\n...\n') ? text.slice(0, -4) : text
}

const number = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  // Texts that look like numbers are dealt with below.
  resolve: () => Number.NaN,
  implicitFirstChars: [],
  identify: (value) => typeof value === 'number',
  represent: String,
})

const OPTIONS: DumpOptions = {
  schema: FAILSAFE_SCHEMA.withTags(nullCoreTag, boolCoreTag, number),
  seqNoIndent: true,
  lineWidth: -1,
  noRefs: true,
  // Fields without a value are as if they were not there.
  skipInvalid: true,
  scalarStyleRules: [chooseStyle],
}

/** The style that go-yaml's emitter takes for a text. */
function chooseStyle(layout: ScalarLayout): void {
  const {value, tag} = layout.node
  if (tag !== 'tag:yaml.org,2002:str') return
  const allows = (style: number): boolean => (layout.allowedStylesMask & (1 << style)) !== 0
  if (value.includes('\n')) {
    layout.style = canBeBlock(value) && allows(LITERAL_BLOCK) ? LITERAL_BLOCK : DOUBLE_QUOTED
  } else if (value.includes('\t') || hasSpecial(value) || looksLikeOther(value)) {
    layout.style = DOUBLE_QUOTED
  } else if (!(allows(PLAIN) || value === '=') || /^(---|\.\.\.)/.test(value)) {
    layout.style = allows(SINGLE_QUOTED) ? SINGLE_QUOTED : DOUBLE_QUOTED
  }
}

const {PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, LITERAL_BLOCK} = SCALAR_STYLE

// What the emitter of libyaml refuses as a block: spaces before a line break, characters that do
// not print.
function canBeBlock(value: string): boolean {
  return !/ (\n|$)/.test(value) && !hasSpecial(value.replaceAll('\n', ''))
}

/** Characters that need escapes in any text. */
function hasSpecial(value: string): boolean {
  return hasUnseen(value) || !value.isWellFormed()
}

/** Texts that some reader of YAML takes for null, a boolean, a number or a time. */
function looksLikeOther(value: string): boolean {
  return resolvePlain(value).type !== 'str' || value === '<<' || isBase60(value)
}

/** Kubernetes reads these as texts; others do not. */
function isBase60(value: string): boolean {
  return /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(value)
}
