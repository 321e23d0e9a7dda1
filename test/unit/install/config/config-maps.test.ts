import {describe, expect, test} from 'vitest'
import {
  configPatch,
  configProblem,
  neededNetworkSettings,
  parseConfigSetting,
  undocumentedKeys,
} from '../../../../src/install/config/config-maps.ts'
import type {ConfigSetting} from '../../../../src/install/settings.ts'

function setting(text: string): ConfigSetting {
  const parsed = parseConfigSetting(text)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed
}

describe('reading', () => {
  test.each([
    ['config-autoscaler/stable-window=30s', 'config-autoscaler', 'stable-window', '30s'],
    ['autoscaler/stable-window=30s', 'config-autoscaler', 'stable-window', '30s'],
    [
      'network/domain-template={{.Name}}={{.Domain}}',
      'config-network',
      'domain-template',
      '{{.Name}}={{.Domain}}',
    ],
    ['gc/retain-since-create-time=', 'config-gc', 'retain-since-create-time', ''],
  ])('%s', (text, configMap, key, value) => {
    expect(parseConfigSetting(text)).toEqual({configMap, key, value})
  })

  test.each([
    [
      'stable-window=30s',
      '"stable-window=30s" is not CONFIGMAP/KEY=VALUE, like config-autoscaler/stable-window=30s',
    ],
    ['config-domain/x=', 'domains are set by --domain'],
    ['config-gc/_example=x', '_example is documentation; nobody reads it'],
  ])('%s: refused', (text, problem) => {
    expect(parseConfigSetting(text)).toEqual({problem})
  })

  test('an unknown ConfigMap is answered with the known ones', () => {
    expect(parseConfigSetting('config-nosuch/a=b')).toEqual({
      problem: expect.stringMatching(/^there is no config-nosuch; there are: config-autoscaler, /),
    })
  })
})

describe('what Knative would refuse or ignore', () => {
  test.each([
    ['autoscaler/stable-window=30s', undefined],
    ['autoscaler/stable-window=5s', /stable-window/],
    ['autoscaler/enable-scale-to-zero=maybe', /maybe/],
    ['features/tag-header-based-routing=Enabled', undefined],
    ['features/tag-header-based-routing=on', /only enabled, allowed and disabled mean something/],
    ['network/http-protocol=Sometimes', /httpProtocol Sometimes/],
  ])('%s', (text, problem) => {
    const one = setting(text)
    const found = configProblem(one.configMap, {}, [one])
    expect(found ?? 'no problem').toMatch(problem ?? /^no problem$/)
  })

  test('settings are judged together with what is there', () => {
    const one = setting('autoscaler/min-scale=5')
    expect(configProblem('config-autoscaler', {'max-scale': '3'}, [one])).toBeDefined()
    expect(configProblem('config-autoscaler', {'max-scale': '7'}, [one])).toBeUndefined()
  })
})

test('keys the documentation does not mention are pointed out', () => {
  const data = {_example: '# How long:\nstable-window: "60s"\n# max-scale: "0"\n'}
  const settings = ['stable-window=30s', 'max-scale=3', 'stable-windows=30s'].map((text) =>
    setting(`autoscaler/${text}`),
  )
  expect(undocumentedKeys(data, settings)).toEqual(['stable-windows'])
  expect(undocumentedKeys({}, settings)).toEqual([])
})

test('only what differs is patched', () => {
  const settings = [setting('autoscaler/stable-window=30s'), setting('autoscaler/max-scale=3')]
  expect(configPatch({'stable-window': '30s'}, settings)).toEqual({'max-scale': '3'})
})

test('the ingress class another networking layer left is corrected, an absent one is right', () => {
  expect(neededNetworkSettings({})).toEqual([])
  expect(
    neededNetworkSettings({'ingress-class': 'kourier.ingress.networking.knative.dev'}),
  ).toEqual([
    {
      configMap: 'config-network',
      key: 'ingress-class',
      value: 'istio.ingress.networking.knative.dev',
    },
  ])
})
