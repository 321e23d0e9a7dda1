import {many, post, type StallInput} from './inputs.ts'

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** A kind of its own whose objects are `schema`. */
function definition(name: string, schema: object): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: `${name}s.stall.example.com`},
    spec: {
      group: 'stall.example.com',
      scope: 'Namespaced',
      names: {plural: `${name}s`, singular: name, kind: name},
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {openAPIV3Schema: {type: 'object', properties: {spec: schema}}},
        },
      ],
    },
  }
}

function kind(label: string, name: string, schema: object, spec: unknown): StallInput {
  return {
    name: label,
    setup: [post(DEFINITIONS, definition(name, schema))],
    request: post(`/apis/stall.example.com/v1/namespaces/default/${name}s`, {
      apiVersion: 'stall.example.com/v1',
      kind: name,
      metadata: {name: 'a'},
      spec,
    }),
  }
}

let made = 0

function rule(expression: string, spec: unknown): StallInput {
  const name = `rule${made++}`
  const schema = {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    properties: {
      list: {type: 'array', items: {type: 'integer'}},
      texts: {type: 'array', items: {type: 'string'}},
      text: {type: 'string'},
      map: {type: 'object', additionalProperties: {type: 'string'}},
    },
    'x-kubernetes-validations': [{rule: expression}],
  }
  return kind(`CEL, ${expression.slice(0, 80)}`, name, schema, spec)
}

const numbers = Array.from({length: 400}, (_, index) => index)
const long = 'ab'.repeat(50_000)
const spec = {list: numbers, text: long, texts: Array.from({length: 400}, (_, i) => `t${i}`)}

/** Rules, patterns and schemas of kinds that clients bring along. */
export const CEL_INPUTS: readonly StallInput[] = [
  rule('self.list.all(a, self.list.all(b, self.list.all(c, a + b + c >= 0)))', spec),
  rule('self.list.all(a, self.list.all(b, self.list.all(c, a + b + c < 0 || c.x)))', spec),
  rule('self.list.exists(a, self.list.exists(b, self.list.exists(c, self.nothing)))', spec),
  rule('self.list.map(a, self.list.map(b, self.list.map(c, [a, b, c]))).size() > 0', spec),
  rule('self.list.all(a, self.text.contains("x" + self.text))', spec),
  rule(`self.list.all(a, (${many(16, () => 'self.text', ' + ')}).size() > 0)`, spec),
  rule(
    `["x"].map(t0, t0 + t0)${many(20, (i) => `.map(t${i + 1}, t${i + 1} + t${i + 1})`)}.size() > 0`,
    spec,
  ),
  rule(
    `[[0]].map(l0, l0 + l0)${many(20, (i) => `.map(l${i + 1}, l${i + 1} + l${i + 1})`)}.size() > 0`,
    spec,
  ),
  rule('self.list.all(a, self.text.split("").size() > 0)', spec),
  rule('self.list.all(a, self.text.split("b").join("ccc").size() > 0)', spec),
  rule('self.list.all(a, self.text.replace("", "yyyyyyyyyyyyy").size() > 0)', spec),
  rule('self.list.all(a, self.text.replace("a", self.text).size() > 0)', spec),
  rule('self.list.all(a, self.text.indexOf("ba" + "c") < a)', spec),
  rule('self.list.all(a, self.text.indexOf("c", a) < a)', spec),
  rule('self.list.all(a, self.text.lastIndexOf("c") < a)', spec),
  rule('self.list.all(a, self.text.indexOf(self.text.substring(1)) < a)', {
    ...spec,
    text: `${'a'.repeat(50_000)}b`,
  }),
  rule('self.list.all(a, self.text.matches("(a+)+$"))', {...spec, text: 'a'.repeat(100_000)}),
  rule('self.list.all(a, self.text.matches("^(ab|a|b)*$"))', spec),
  rule('self.list.all(a, self.text.matches("(x+x+)+y"))', {...spec, text: 'x'.repeat(100_000)}),
  rule('self.text.matches("(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^a]$")', {
    ...spec,
    text: 'a'.repeat(300_000),
  }),
  rule('self.text.matches("(a?){500}(a{1,500})*z")', {...spec, text: 'a'.repeat(300_000)}),
  rule('self.list.all(a, self.text.find("(a+)+$") == "")', spec),
  rule('self.text.findAll("a").size() > 0', {...spec, text: 'a'.repeat(300_000)}),
  rule('self.text.findAll("a.*z").size() == 0', {...spec, text: 'a'.repeat(100_000)}),
  rule('self.text.findAll("").size() == 0', {...spec, text: 'a'.repeat(300_000)}),
  rule('self.list.all(a, self.list.sort().isSorted())', spec),
  rule('self.list.all(a, self.texts.sort().isSorted())', spec),
  rule('self.texts.distinct().size() > 0', {
    texts: Array.from({length: 24_000}, (_, i) => `t${i}`),
  }),
  rule('self.texts.all(a, self.texts.indexOf(a) >= 0)', {
    texts: Array.from({length: 20_000}, (_, i) => `t${i}`),
  }),
  rule('self.texts.all(a, a in self.texts)', {
    texts: Array.from({length: 20_000}, (_, i) => `t${i}`),
  }),
  rule('self.list.all(a, self == self)', {list: Array.from({length: 20_000}, (_, i) => i)}),
  rule('self.list.all(a, self.map == self.map)', {
    list: numbers,
    map: Object.fromEntries(numbers.map((i) => [`k${i}`, 'v'])),
  }),
  rule('self.list.all(a, [self.map].all(m, m in [self.map, self.map]))', {
    list: numbers,
    map: Object.fromEntries(numbers.map((i) => [`k${i}`, 'v'])),
  }),
  rule('self.list.all(a, string(a).matches("^" + string(a) + "$"))', {
    list: Array.from({length: 20_000}, (_, i) => i),
  }),
  rule('self.texts.all(a, "x".matches(a))', {
    texts: Array.from({length: 3000}, (_, i) => `(${'a|b'.repeat(20)}${i}){100}`),
  }),
  rule('self.list.all(a, url("http://" + self.text).getHost() != "")', spec),
  rule('self.list.all(a, quantity("1" + self.text).isGreaterThan(quantity("1")))', {
    ...spec,
    text: '0'.repeat(100_000),
  }),
  rule('self.list.all(a, isQuantity(self.text))', {...spec, text: '1'.repeat(100_000)}),
  rule('self.list.all(a, duration(self.text) > duration("1s"))', {
    ...spec,
    text: '1s'.repeat(50_000),
  }),
  rule('self.list.all(a, int(self.text) > 0)', {...spec, text: '1'.repeat(100_000)}),
  rule('self.list.all(a, self.text.lowerAscii().upperAscii().reverse().trim() == "")', {
    ...spec,
    text: ' '.repeat(100_000),
  }),
  rule('self.list.all(a, isIP(self.text))', {...spec, text: '1:'.repeat(50_000)}),
  rule('self.list.sum() > 0 && self.list.max() > 0', {
    list: Array.from({length: 24_000}, (_, i) => i),
  }),
  rule('self.map.all(k, self.map[k] != "w")', {
    map: Object.fromEntries(Array.from({length: 20_000}, (_, i) => [`k${i}`, 'v'])),
  }),
  rule(`${'('.repeat(200)}true${')'.repeat(200)}`, spec),
  rule(
    many(2000, () => 'true', ' && '),
    spec,
  ),
  kind(
    'pattern (a+)+$ over 100 kB',
    'pattern',
    {type: 'object', properties: {a: {type: 'string', pattern: '^(a+)+$'}}},
    {a: `${'a'.repeat(100_000)}!`},
  ),
  kind(
    'pattern of 1,000 states over 1 MB',
    'states',
    {type: 'object', properties: {a: {type: 'string', pattern: '(x|a){1,500}z(x|a){1,400}$'}}},
    {a: 'a'.repeat(1_000_000)},
  ),
  kind(
    '40 properties with patterns over 25 kB each',
    'patterns',
    {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({length: 40}, (_, i) => [
          `k${i}`,
          {type: 'string', pattern: `^(a|b|ab){1,${i + 100}}(a*)*c$`},
        ]),
      ),
    },
    Object.fromEntries(Array.from({length: 40}, (_, i) => [`k${i}`, 'ab'.repeat(12_500)])),
  ),
  kind(
    'custom resource, 24,000 unknown fields kept',
    'kept',
    {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
    Object.fromEntries(Array.from({length: 24_000}, (_, i) => [`k${i}`, i])),
  ),
  kind(
    'custom resource, 24,000 unknown fields dropped',
    'dropped',
    {type: 'object', properties: {a: {type: 'string'}}},
    Object.fromEntries(Array.from({length: 24_000}, (_, i) => [`k${i}`, i])),
  ),
  kind(
    'custom resource, nested 900 deep',
    'deep',
    {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
    JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`),
  ),
  kind(
    'custom resource, 24,000 items of a set',
    'set',
    {
      type: 'object',
      properties: {a: {type: 'array', 'x-kubernetes-list-type': 'set', items: {type: 'string'}}},
    },
    {a: Array.from({length: 24_000}, (_, i) => `i${i}`)},
  ),
  kind(
    'custom resource, 15,000 items of a map list',
    'maplist',
    {
      type: 'object',
      properties: {
        a: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {type: 'object', required: ['name'], properties: {name: {type: 'string'}}},
        },
      },
    },
    {a: Array.from({length: 15_000}, (_, i) => ({name: `i${i}`}))},
  ),
  kind(
    'custom resource, 20,000 values of a wrong type',
    'wrong',
    {type: 'object', additionalProperties: {type: 'integer'}},
    Object.fromEntries(Array.from({length: 20_000}, (_, i) => [`k${i}`, 'v'])),
  ),
  kind(
    'custom resource, enum of 1,000 for 30,000 values',
    'enums',
    {
      type: 'object',
      additionalProperties: {type: 'string', enum: Array.from({length: 1000}, (_, i) => `e${i}`)},
    },
    Object.fromEntries(Array.from({length: 24_000}, (_, i) => [`k${i}`, 'e999'])),
  ),
  ...[2000, 12_000].map((count): StallInput => ({
    name: `definition, ${count} properties with patterns`,
    request: post(
      DEFINITIONS,
      definition(`props${count}`, {
        type: 'object',
        properties: Object.fromEntries(
          Array.from({length: count}, (_, i) => [
            `k${i}`,
            {type: 'string', pattern: `^[a-z${i}]{1,${i % 900}}$`},
          ]),
        ),
      }),
    ),
  })),
  {
    name: 'definition, 3,000 rules',
    request: post(
      DEFINITIONS,
      definition('rules', {
        type: 'object',
        'x-kubernetes-validations': Array.from({length: 3000}, (_, i) => ({
          rule: `self.a${i}.all(x, x > ${i})`,
        })),
      }),
    ),
  },
  {
    name: 'definition, a pattern of 16 kB',
    request: post(
      DEFINITIONS,
      definition('longpattern', {
        type: 'object',
        properties: {a: {type: 'string', pattern: '(a|b)*'.repeat(2500)}},
      }),
    ),
  },
  {
    name: 'definition, 100 patterns of large classes',
    request: post(
      DEFINITIONS,
      definition('classes', {
        type: 'object',
        properties: Object.fromEntries(
          Array.from({length: 100}, (_, i) => [
            `k${i}`,
            {type: 'string', pattern: `(?i)[\\p{L}\\p{N}]{1,90}x${i}`},
          ]),
        ),
      }),
    ),
  },
]
