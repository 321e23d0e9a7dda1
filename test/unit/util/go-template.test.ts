import {describe, expect, test} from 'vitest'
import {GoStruct, GoTemplate} from '../../../src/util/go-template/go-template.ts'

const DATA = new GoStruct('config.DomainTemplateValues', {
  Name: 'foo',
  Namespace: 'bar',
  Domain: 'baz.com',
  Labels: {sub: 'x', zone: 'eu'},
  Annotations: {},
  Items: ['a', 'b'],
})

function run(text: string): string {
  return new GoTemplate('t', text).execute(DATA)
}

describe('templates', () => {
  test.each([
    ['{{.Name}}.{{.Namespace}}.{{.Domain}}', 'foo.bar.baz.com'],
    ['a{{/* not shown */}}b', 'ab'],
    ['x  {{- .Name -}}  y', 'xfooy'],
    ['{{.Labels.sub}}-{{.Labels.nope}}', 'x-<no value>'],
    ['{{index .Labels "sub"}}{{index .Labels "nope"}}', 'x'],
    ['{{if index .Labels "sub"}}yes{{else}}no{{end}}', 'yes'],
    ['{{if eq .Name "a"}}1{{else if eq .Name "foo"}}2{{else}}3{{end}}', '2'],
    ['{{if and .Name (not .Annotations)}}ok{{end}}', 'ok'],
    ['{{or "" .Name}} {{and "" .Name}}!', 'foo !'],
    ['{{with .Labels.zone}}in {{.}}{{else}}nowhere{{end}}', 'in eu'],
    ['{{range $key, $value := .Labels}}{{$key}}={{$value}};{{end}}', 'sub=x;zone=eu;'],
    ['{{range .Items}}{{.}}{{$.Name}} {{end}}', 'afoo bfoo '],
    ['{{range .Annotations}}x{{else}}none{{end}}', 'none'],
    ['{{$x := .Name}}{{if true}}{{$x = .Domain}}{{end}}{{$x}}', 'baz.com'],
    ['{{.Name | printf "%s-%q" "a"}}', 'a-"foo"'],
    ['{{printf "%-5s|%05d|%v%%" "ab" 42 true}}', 'ab   |00042|true%'],
    ['{{len .Name}} {{len .Labels}} {{slice .Name 1}} {{slice .Name 0 2}}', '3 2 oo fo'],
    ['{{ne 1 2}} {{lt 1 2}} {{ge "b" "a"}} {{le 2 1}} {{gt 2 1}}', 'true true true false true'],
    ['{{js "<a>\'"}} {{html "<&>"}} {{urlquery "a b"}}', "\\u003Ca\\u003E\\' &lt;&amp;&gt; a+b"],
    ['{{print 1 2 "a" "b" 3}}', '1 2ab3'],
    ['{{`raw "text"`}}{{"tab\\t"}}', 'raw "text"tab\t'],
    ['{{(index .Items 1)}}{{.Labels}}', 'bmap[sub:x zone:eu]'],
  ])('%s', (text, output) => {
    expect(run(text)).toBe(output)
  })

  test.each([
    ['{{.Name}', 'template: t:1: unexpected "}" in operand'],
    ['{{', 'template: t:1: unclosed action'],
    ['\n{{foo}}', 'template: t:2: function "foo" not defined'],
    ['{{}}', 'template: t:1: missing value for command'],
    ['{{if .Name}}x', 'template: t:1: unexpected EOF'],
    ['{{end}}', 'template: t:1: unexpected {{end}}'],
    ['{{$y}}', 'template: t:1: undefined variable "$y"'],
    ['{{"abc}}', 'template: t:1: unterminated quoted string'],
    ['{{.Name .}}{{template "x"}}', 'template: t:1: unexpected <template> in command'],
    ['{{if x}}', 'template: t:1: function "x" not defined'],
  ])('%s cannot be read', (text, message) => {
    expect(() => new GoTemplate('t', text)).toThrow(new Error(message))
  })

  test.each([
    [
      '{{.Foo}}',
      'template: t:1:2: executing "t" at <.Foo>: can\'t evaluate field Foo in type config.DomainTemplateValues',
    ],
    [
      'a\nb {{.Name.Foo}}',
      'template: t:2:9: executing "t" at <.Name.Foo>: can\'t evaluate field Foo in type string',
    ],
    [
      '{{.Name .Domain}}',
      'template: t:1:2: executing "t" at <.Name>: can\'t give argument to non-function .Name',
    ],
    [
      '{{eq .Name 1}}',
      'template: t:1:2: executing "t" at <eq .Name 1>: error calling eq: incompatible types for comparison',
    ],
    [
      '{{index .Items 7}}',
      'template: t:1:2: executing "t" at <index .Items 7>: error calling index: index out of range: 7',
    ],
  ])('%s does not work for this data', (text, message) => {
    expect(() => run(text)).toThrow(new Error(message))
  })

  test('a template can be executed again', () => {
    const template = new GoTemplate('t', '{{$x := .Name}}{{$x}}')
    expect([template.execute(DATA), template.execute(DATA)]).toEqual(['foo', 'foo'])
  })
})
