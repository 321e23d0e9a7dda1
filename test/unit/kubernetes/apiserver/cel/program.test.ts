import {describe, expect, test} from 'vitest'
import {celFromJson} from '../../../../../src/kubernetes/apiserver/cel/from-json.ts'
import {compileCel} from '../../../../../src/kubernetes/apiserver/cel/program.ts'
import type {CelValue} from '../../../../../src/kubernetes/apiserver/cel/values.ts'

function run(source: string, self: unknown = {}): CelValue {
  return compileCel(source).evaluate({self: celFromJson(self, undefined)})
}

describe('expressions are true', () => {
  test.each([
    ['2 + 3 * 4 == 14'],
    ['(2 + 3) * 4 == 20'],
    ['7 / 2 == 3 && 7.0 / 2.0 == 3.5 && -7 % 3 == -1'],
    ['1 == 1.0 && 1 < 1.5'],
    ['"a" + \'b\' == "ab" && r"\\d" == "\\\\d" && """x""" == "x"'],
    ['"\\u00e4".size() == 1 && size("\\n") == 1'],
    ['0x10 == 16 && 3u == 3'],
    ['[1, 2] + [3] == [1, 2, 3] && {"a": 1}.a == 1 && {1: "x"}[1] == "x"'],
    ['2 in [1, 2] && "a" in {"a": 1} && !(3 in [1])'],
    ['true ? true : 1 / 0 == 0'],
    ['type(1) == int && type("") == string && type([]) == list'],
    ['// nothing\n 1 == 1'],
  ])('%s', (source) => {
    expect(run(source)).toBe(true)
  })

  const self = {
    name: 'web',
    size: 3,
    tags: ['a', 'b', 'c'],
    ports: [
      {name: 'http', port: 80},
      {name: 'https', port: 443},
    ],
    labels: {app: 'web', tier: 'front'},
    namespace: 'x',
    'a-b.c': {d__e: 1},
    nothing: null,
  }
  test.each([
    ['has(self.name) && !has(self.nope)'],
    ['self.ports.all(p, p.port > 0) && self.ports.exists(p, p.name == "http")'],
    ['self.ports.exists_one(p, p.port == 443)'],
    ['self.ports.filter(p, p.port > 100).map(p, p.name) == ["https"]'],
    ['self.tags.map(t, t != "b", t + t) == ["aa", "cc"]'],
    ['self.labels.all(key, self.labels[key].matches("^[a-z]+$"))'],
    ['self.tags.isSorted() && self.tags.indexOf("b") == 1 && [1, 2].sum() == 3'],
    ['[3, 1].min() == 1 && max(3, 1) == 3'],
    ['self.__namespace__ == "x" && self.a__dash__b__dot__c.d__underscores__e == 1'],
    ['self.?nope.orValue("none") == "none" && self.?labels.?app.hasValue()'],
    ['self[?"name"].value() == "web" && self.tags[?9].orValue("z") == "z"'],
    ['self.?size.optMap(s, s * 2).orValue(0) == 6'],
    ['self.nothing == null'],
    ['self.name.startsWith("w") && self.name.endsWith("b") && self.name.contains("e")'],
    ['"a,b,c".split(",", 2) == ["a", "b,c"] && ["a", "b"].join("-") == "a-b"'],
    ['" a ".trim() == "a" && "aXa".replace("a", "b", 1) == "bXa" && "ab".upperAscii() == "AB"'],
    ['"tacocat".substring(4) == "cat" && "tacocat".lastIndexOf("a") == 5'],
    ['"abc 123".find("[0-9]+") == "123" && "1 2".findAll("[0-9]").size() == 2'],
    ['quantity("1500m").isGreaterThan(quantity("1")) && !isQuantity("x")'],
    ['duration("1h") > duration("59m") && duration("90s").getMinutes() == 1'],
    ['timestamp("2024-02-03T00:00:00Z") + duration("24h") > timestamp("2024-02-03T12:00:00Z")'],
    ['timestamp("2024-02-03T04:05:06Z").getFullYear() == 2024'],
    [
      'isURL("https://a.example:8080/p?q=1") && url("https://a.example:8080/p").getPort() == "8080"',
    ],
    ['!isURL("not a url") && url("/path").getScheme() == "" && url("/path").getHost() == ""'],
    ['isIP("::1") && isCIDR("10.0.0.0/8") && !isCIDR("10.0.0.0/33")'],
    ['int("3") + int(2.9) == 5 && string(3) == "3" && double("1.5") == 1.5'],
  ])('%s, of an object', (source) => {
    expect(run(source, self)).toBe(true)
  })
})

describe('what one side decides holds', () => {
  test.each([
    ['self.nope || true', true],
    ['true || self.nope', true],
    ['self.nope && false', false],
    ['[0, 1].exists(x, 1 / x == 1)', true],
    ['[0, 1].all(x, 1 / x == 2)', false],
  ])('%s', (source, expected) => {
    expect(run(source)).toBe(expected)
  })
})

describe('expressions without a value say why', () => {
  test.each([
    ['self.nope', 'no such key: nope'],
    ['[1][3]', 'index out of bounds: 3'],
    ['1 / 0', 'division by zero'],
    ['1 % 0', 'modulus by zero'],
    ['9223372036854775807 + 1', 'integer overflow'],
    ['1 + "a"', 'no such overload'],
    ['"a" < 1', 'no such overload'],
    ['1 ? true : false', 'no such overload'],
    ['nobody', 'no such attribute(s): nobody'],
    ['"a".matches("(")', 'error parsing regexp: missing closing )'],
    ['optional(1)', "undeclared reference to 'optional'"],
  ])('%s', (source, message) => {
    expect(() => run(source)).toThrow(message)
  })
})

describe('texts that are no expressions are refused with the place', () => {
  test.each([
    ['1 +', "<input>:1:4: Syntax error: unexpected '<EOF>'\n | 1 +\n | ...^"],
    ['(1', "<input>:1:3: Syntax error: mismatched input '<EOF>' expecting ')'"],
    ['self.a\n  ==== 1', "<input>:2:5: Syntax error: unexpected '=='"],
    ['1 # 2', '<input>:1:3: Syntax error: token recognition error at: "#"'],
    ["'open", '<input>:1:1: Syntax error: token recognition error'],
    ['', "unexpected '<EOF>'"],
    ['a b', "<input>:1:3: Syntax error: unexpected 'b'"],
  ])('%j', (source, message) => {
    expect(() => compileCel(source)).toThrow(message)
  })
})

test('a program knows its variables, and the functions that nobody here has', () => {
  const program = compileCel('self.items.all(x, format.named("dns1123Label").value() == oldSelf)')
  expect(program.uses('oldSelf')).toBe(true)
  expect(program.uses('self')).toBe(true)
  expect(program.uses('nobody')).toBe(false)
  expect(program.unknownFunctions).toEqual(['named'])
})

test('numbers are whole unless the schema says otherwise', () => {
  const schema = {properties: {ratio: {type: 'number'}, size: {type: 'integer'}}}
  const self = celFromJson({ratio: 3, size: 3}, schema)
  expect(compileCel('self.ratio / 2.0 == 1.5 && self.size / 2 == 1').evaluate({self})).toBe(true)
})
