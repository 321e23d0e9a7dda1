/** What `kubectl get` prints, from the tables of the API, against what it printed then. */
import {existsSync} from 'node:fs'
import {resourcePath, type ResourceType} from '../../src/api/meta/resource-type.ts'
import type {Client} from '../../src/client/client.ts'
import type {Difference} from './golden-compare.ts'
import {GOLDEN_KINDS} from './golden-kinds.ts'
import {normaliseText} from './golden-normalise.ts'
import {goldenPath, goldenText} from './golden-objects.ts'

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'

/** The names that were given to kubectl, where they are not those of the recorded files. */
const KINDS: Readonly<Record<string, ResourceType | undefined>> = {
  ...GOLDEN_KINDS,
  sks: GOLDEN_KINDS['serverlessservice'],
}

/** The part of a `Table` that is printed. */
interface Table {
  readonly columnDefinitions: readonly {readonly name: string; readonly priority: number}[]
  readonly rows: readonly {readonly cells: readonly unknown[]}[]
}

/** Each table of `<folder>/kubectl-get.txt` that would be printed differently now. */
export async function compareTables(
  folder: string,
  client: Client,
  namespace: string,
): Promise<Difference[]> {
  const path = `${folder}/kubectl-get.txt`
  if (!existsSync(goldenPath(path))) return []
  const problems: Difference[] = []
  for (const section of goldenText(path).split('$ kubectl get ').slice(1)) {
    const [name = '', ...lines] = section.trimEnd().split('\n')
    const type = KINDS[name]
    // Cluster-wide, and so full of what other scenarios left.
    if (name === 'clusterdomainclaim') continue
    if (type === undefined) throw new Error(`no kind is known for kubectl get ${name}`)
    const recorded = comparable(lines)
    const ours = comparable(await printTable(client, type, namespace))
    if (recorded.join('\n') === ours.join('\n')) continue
    problems.push({
      kind: 'table',
      name,
      path: '',
      recorded: linesOnlyIn(recorded, ours),
      here: linesOnlyIn(ours, recorded),
    })
  }
  return problems
}

async function printTable(
  client: Client,
  type: ResourceType,
  namespace: string,
): Promise<string[]> {
  const path = resourcePath(type, {namespace})
  const {body} = await client.raw({method: 'GET', path, headers: {accept: TABLE}})
  if (body.kind !== 'json') throw new Error(`${path} was not answered with a document`)
  const {columnDefinitions, rows} = body.value as Table
  if (rows.length === 0) {
    return [`No resources found in ${namespace} namespace.`]
  }
  const shown = columnDefinitions.flatMap(({priority}, index) => (priority === 0 ? [index] : []))
  const header = shown.map((index) => columnDefinitions[index]?.name.toUpperCase() ?? '')
  const cells = rows.map((row) => shown.map((index) => formatCell(row.cells[index])))
  return [header, ...cells].map((line) => line.join('   '))
}

function formatCell(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}

/** Lines without ages, addresses and the width of columns; the order of rows is that of names. */
function comparable(lines: readonly string[]): string[] {
  return lines
    .map((line) =>
      normaliseText(line)
        .replaceAll(/(?<= )(\d+[dhms])+(?= |$)/g, '<age>')
        .replaceAll(/ +/g, ' ')
        .trim(),
    )
    .filter((line) => !line.startsWith('kubernetes '))
}

function linesOnlyIn(lines: readonly string[], others: readonly string[]): string {
  return lines.filter((line) => !others.includes(line)).join(' | ')
}
