/** kubectl's JSONPath; the expectations are what client-go's own engine answers. */
import {describe, expect, test} from 'vitest'
import {JsonPath} from '../../../../src/ui/jsonpath/jsonpath.ts'

const SERVICES = {
  kind: 'List',
  items: [
    {
      metadata: {name: 'web', labels: {'example.com/team': 'blue'}, annotations: {color: 'red'}},
      spec: {ports: [{port: 80}, {port: 443}], ratio: 0.5, big: 1e21},
      status: {
        ready: true,
        traffic: [
          {tag: 'a', percent: 80},
          {tag: 'b', percent: 20},
        ],
      },
    },
    {
      metadata: {name: 'api', labels: {'example.com/team': 'green'}, deleted: null},
      spec: {ports: []},
      status: {ready: false, traffic: [{percent: 100}], url: 'http://a?b&c=<d>'},
    },
  ],
}

function find(template: string, data: unknown = SERVICES, allowMissingKeys = true): string {
  return new JsonPath(template, {allowMissingKeys}).toText(data)
}

describe('a template finds', () => {
  test.each([
    ['text only', 'text only'],
    ['', ''],
    ['kind: {.kind}!', 'kind: List!'],
    ['{$.kind}{@.kind}{ .kind }', 'ListListList'],
    ['{.items[*].metadata.name}', 'web api'],
    ['{.items[0].metadata.name}', 'web'],
    ['{.items[-1].metadata.name}', 'api'],
    ["{.items[0]['metadata']['name']}", 'web'],
    ["{.items[*]['metadata.name', 'status.ready']}", 'web api true false'],
    ['{.items[0].metadata.labels.example\\.com/team}', 'blue'],
    ["{.items[0].metadata.labels['example\\.com/team']}", 'blue'],
    ['{.items[0].metadata.labels}', '{"example.com/team":"blue"}'],
    ['{.items[0].spec.ports}', '[{"port":80},{"port":443}]'],
    ['{.items[0].spec.ports[*].port}', '80 443'],
    ['{.items[1].status.url}', 'http://a?b&c=<d>'],
    [
      '{.items[1].status}',
      '{"ready":false,"traffic":[{"percent":100}],"url":"http://a?b\\u0026c=\\u003cd\\u003e"}',
    ],
    ['{.items[0].spec.ratio} {.items[0].status.ready}', '0.5 true'],
    ['{.items[1].metadata.deleted}', 'null'],
    ['{..port}', '80 443'],
    ['{.items..port}', '80 443'],
    ['{...tag}', 'a b'],
    ['{.items[0].status.traffic[0].*}', '80 a'],
    ['{"{"}{\'it\\\'s\'}{"\\t\\u0041\\x42"}', "{it's\tAB"],
    ['{1}{-2.5}{true}', '1-2.5true'],
    ['{.none}', ''],
    ['before-{.none.deeper[0]}after', 'before-after'],
  ])('%s', (template, expected) => {
    expect(find(template)).toBe(expected)
  })
})

describe('a filter', () => {
  test.each([
    ['{.items[?(@.metadata.name=="web")].status.ready}', 'true'],
    ["{.items[?(@.metadata.name=='api')].status.ready}", 'false'],
    ['{.items[?(@.metadata.name!="web")].metadata.name}', 'api'],
    ['{.items[?(@.status.ready==true)].metadata.name}', 'web'],
    ['{.items[*].status.traffic[?(@.percent>20)].percent}', '80 100'],
    ['{.items[*].status.traffic[?(@.percent>=80)].percent}', '80 100'],
    ['{.items[*].status.traffic[?(@.percent<80)].tag}', 'b'],
    ['{.items[*].status.traffic[?(@.percent<=80)].tag}', 'a b'],
    ['{.items[*].status.traffic[?(@.tag)].tag}', 'a b'],
    ['{.items[?(.metadata.annotations.color=="red")].metadata.name}', 'web'],
    ['{.items[?(@.metadata.labels.example\\.com/team=="green")].metadata.name}', 'api'],
    ['{.items[?(@..tag)].metadata.name}', 'web'],
  ])('%s', (template, expected) => {
    expect(find(template)).toBe(expected)
  })

  test('takes parentheses in quotes for text', () => {
    expect(find('{[?(@.a==")")].b}', [{a: ')', b: 'found'}])).toBe('found')
  })

  test('compares bare items', () => {
    expect(find('{[?(@<5)]}', [2, 6, 3, 7])).toBe('2 3')
  })
})

describe('a slice', () => {
  const list = ['a', 'b', 'c', 'd']
  test.each([
    ['{[0]}', 'a'],
    ['{[-1]}', 'd'],
    ['{[-4]}', 'a'],
    ['{[-2:]}', 'c d'],
    ['{[:2]}', 'a b'],
    ['{[0:-1]}', 'a b c'],
    ['{[1:3]}', 'b c'],
    ['{[::2]}', 'a c'],
    ['{[1::2]}', 'b d'],
    ['{[:4:3]}', 'a d'],
    ['{[*]}', 'a b c d'],
    ['{[0,2]}', 'a c'],
    ['{[5:5]}', ''],
  ])('%s', (template, expected) => {
    expect(find(template, list)).toBe(expected)
  })

  test.each([
    ['{[4]}', 'array index out of bounds: index 4, length 4'],
    ['{[-5]}', 'array index out of bounds: index -1, length 4'],
    ['{[0:9]}', 'array index out of bounds: index 8, length 4'],
    ['{[3:1]}', 'starting index 3 is greater than ending index 1'],
    ['{[0:4:0]}', 'step must be > 0'],
  ])('%s is outside', (template, message) => {
    expect(() => find(template, list)).toThrow(new Error(message))
  })
})

describe('a range', () => {
  test.each([
    ['{range .items[*]}{.metadata.name}, {end}{.kind}', 'web, api, List'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{end}', 'web\tapi\t'],
    [
      '{range .items[*]}{.metadata.name}:{range .status.traffic[*]}{.percent},{end};{end}.',
      'web:80,20,;api:100,;.',
    ],
    [
      '{range .items[*]}{range .spec.ports[*]}{.port} {end}/{range .status.traffic[*]}{.percent} {end}\n{end}',
      '80 443 /80 20 \n/100 \n',
    ],
    ['{range .none[*]}{.a}{range .b[*]}{.c}{end}{end}after', 'after'],
    [
      '{range .items[?(@.status.ready==true)]}{.metadata.name} is ready{"\\n"}{end}',
      'web is ready\n',
    ],
    ['{range .items[*]}[{.metadata.name}]', '[web][api][]'],
  ])('%s', (template, expected) => {
    expect(find(template)).toBe(expected)
  })
})

test.each([
  ['{.none}', 'none is not found'],
  ['{.items[*].status.url.deeper}', 'deeper is not found'],
  ['{.items[?(@.metadata.annotations.color=="red")].kind}', 'annotations is not found'],
])('%s is an error where keys must be there', (template, message) => {
  expect(() => find(template, SERVICES, false)).toThrow(new Error(message))
})

test.each([
  ['{.items', 'unclosed action'],
  ['{.items\n}', 'unclosed action'],
  ['{.a,.b}', "unrecognized character in action: U+002C ','"],
  ['{.items[0}', 'unterminated array'],
  ['{.items[a]}', 'invalid array index a'],
  ['{.items["a"]}', 'invalid array index "a"'],
  ['{.items[?(@.a==1]}', 'unterminated filter'],
  ['{.items[?(@.a==1)}', 'unclosed array expect ]'],
  ['{"abc}', 'unterminated quoted string'],
  ['{"a\\qb"}', 'unquote string "a\\qb" error invalid syntax'],
  ['{-}', 'cannot parse number -'],
  ['{.....name}', 'invalid multiple recursive descent'],
])('%s cannot be read', (template, message) => {
  expect(() => new JsonPath(template, {allowMissingKeys: true})).toThrow(new Error(message))
})

test.each([
  ['{hello}', 'unrecognized identifier hello'],
  ['{end}', 'not in range, nothing to end'],
  ['{.kind[0]}', 'string is not array or slice'],
  ['{.items[0].metadata[0]}', 'map[string]interface {} is not array or slice'],
  ['{.kind[?(@.a)]}', 'List is not array or slice and cannot be filtered'],
  ['{.items[?(@..port==80)].kind}', 'can only compare one element at a time'],
  ['{.items[?(@.spec<>1)]}', 'unrecognized filter operator <>'],
  ['{.items[?(@.spec==1)]}', 'invalid type for comparison'],
  ['{.items[?(@.status.ready<true)]}', 'invalid type for comparison'],
  ['{.items[?(@.metadata.name==1)]}', 'incompatible types for comparison'],
  ['{.items[*].status.traffic[?(@.percent==0.5)]}', 'incompatible types for comparison'],
])('%s cannot be answered', (template, message) => {
  expect(() => find(template)).toThrow(new Error(message))
})

test('answers with a list of JSON for each part', () => {
  const path = new JsonPath('{.items[*].status.ready}{.kind}', {allowMissingKeys: true})
  expect(path.toJson(SERVICES)).toBe('[\n    true,\n    false\n]\n[\n    "List"\n]\n')
})
