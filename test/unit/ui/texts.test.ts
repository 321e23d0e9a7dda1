import {describe, expect, test} from 'vitest'
import type {Service} from '../../../src/api/serving/v1.ts'
import {formatShortAge} from '../../../src/ui/age.ts'
import {parseHeader, renderAnswer} from '../../../src/ui/http-text.ts'
import {shellQuote} from '../../../src/ui/local-text.ts'
import {renderServiceOutcome, serviceProgress} from '../../../src/ui/service-progress.ts'

describe('formatShortAge', () => {
  test.each([
    [-5_000, '<invalid>'],
    [-1_000, '0s'],
    [0, '0s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [3_599_000, '59m'],
    [3_600_000, '1h'],
    [86_400_000, '1d'],
    [364 * 86_400_000, '364d'],
    [365 * 86_400_000, '1y'],
  ])('writes %d ms as %s', (spanMs, text) => {
    expect(formatShortAge(spanMs)).toBe(text)
  })
})

describe('shellQuote', () => {
  test.each([
    ['/home/me/kube.config', '/home/me/kube.config'],
    ['/home/my files/x', "'/home/my files/x'"],
    ["it's", String.raw`'it'\''s'`],
    ['', "''"],
  ])('quotes %j as %s', (word, quoted) => {
    expect(shellQuote(word)).toBe(quoted)
  })
})

describe('parseHeader', () => {
  test.each([
    ['a: b', ['a', 'b']],
    ['X-Time:10:30', ['X-Time', '10:30']],
    ['empty:', ['empty', '']],
  ])('reads %j', (text, header) => {
    expect(parseHeader(text)).toEqual(header)
  })

  test.each(['no colon', ': value', 'bad name: x'])('refuses %j', (text) => {
    expect(() => parseHeader(text)).toThrow('is not a header field')
  })
})

test('an answer says where the time went only when a pod had to start', () => {
  const answer = {
    status: 200,
    answeredBy: {kind: 'revision', revision: 'web-00001', pod: 'p'},
  } as const
  const warm = [
    {name: 'activator', durationMs: 0},
    {name: 'container', durationMs: 9},
  ]
  const cold = [
    {name: 'activator', durationMs: 203.4},
    {name: 'container', durationMs: 30},
  ]
  expect(renderAnswer({...answer, phases: warm}, 12.4)).toBe('200 from web-00001, pod p, in 12 ms')
  expect(renderAnswer({...answer, phases: cold}, 240)).toBe(
    '200 from web-00001, pod p, in 240 ms (203 ms waiting for a pod, 30 ms in the container)',
  )
})

test.each([
  [{kind: 'revision'}, 'from one of several revisions'],
  [{kind: 'refused', revision: 'web-00001'}, 'on the way to web-00001, which did not answer'],
  [{kind: 'refused'}, 'from the gateway'],
  [{kind: 'unsure', revision: 'web-00001'}, 'from web-00001 or on the way to it'],
  [{kind: 'unsure'}, 'from a revision or on the way to it'],
] as const)("an answer of %j is not taken for a revision's", (answeredBy, who) => {
  expect(renderAnswer({status: 503, answeredBy, phases: []}, 3)).toBe(`503 ${who}, in 3 ms`)
})

test('the course of a wait repeats no message', () => {
  let written = ''
  const progress = serviceProgress(
    (text) => (written += text),
    () => undefined,
  )
  progress.onWaiting('created', {namespace: 'default', name: 'web'})
  progress.onMessage(102, 'One.')
  progress.onMessage(278, 'One.')
  progress.onMessage(300, 'Two.')
  progress.onReady(2_303)
  expect(written).toBe(
    "Creating service 'web' in namespace 'default':\n\n" +
      '  0.102s One.\n  0.278s ...\n  0.300s Two.\n  2.303s Ready to serve.\n\n',
  )
})

describe('renderServiceOutcome', () => {
  const service: Service = {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'web'},
    spec: {template: {spec: {containers: []}}},
    status: {url: 'http://web', latestReadyRevisionName: 'web-00002'},
  }
  const outcome = {
    verb: 'updated',
    namespace: 'ns',
    name: 'web',
    changed: true,
    service,
    waited: true,
    previousRevision: 'web-00001',
  } as const
  const at = 'is available at URL:\nhttp://web\n'

  test.each([
    ['a new revision', {}, `Service 'web' updated to latest revision 'web-00002' ${at}`],
    [
      'the same revision',
      {previousRevision: 'web-00002'},
      `Service 'web' with latest revision 'web-00002' (unchanged) ${at}`,
    ],
    ['no wait', {waited: false}, "Service 'web' updated in namespace 'ns'.\n"],
    [
      'no change',
      {waited: false, changed: false},
      "Service 'web' updated in namespace 'ns'.\nNo new revision has been created.\n",
    ],
    [
      'nothing to apply',
      {waited: false, changed: false, verb: 'applied' as const},
      `No changes to apply to service 'web'.\nService 'web' with latest revision 'web-00002' (unchanged) ${at}`,
    ],
    [
      'nothing to replace',
      {waited: false, changed: false, verb: 'replaced' as const},
      "Service 'web' replaced in namespace 'ns' (unchanged).\n",
    ],
  ])('says %s', (_, change, text) => {
    expect(renderServiceOutcome({...outcome, ...change})).toBe(text)
  })
})
