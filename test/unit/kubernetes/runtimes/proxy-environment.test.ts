import {describe, expect, test} from 'vitest'
import {proxyEnvironment} from '../../../../src/kubernetes/runtimes/proxy-environment.ts'

const URL_OF_PROXY = 'http://127.0.0.1:4000'

describe('the variables that lead to the proxy', () => {
  test('are those that curl, Python, Go, Node and Java read', () => {
    expect(proxyEnvironment({A: 'b'}, URL_OF_PROXY)).toEqual({
      HTTP_PROXY: URL_OF_PROXY,
      http_proxy: URL_OF_PROXY,
      HTTPS_PROXY: URL_OF_PROXY,
      https_proxy: URL_OF_PROXY,
      NO_PROXY: 'localhost,127.0.0.1,::1',
      no_proxy: 'localhost,127.0.0.1,::1',
      NODE_USE_ENV_PROXY: '1',
      JAVA_TOOL_OPTIONS:
        '-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=4000 -Dhttps.proxyHost=127.0.0.1 ' +
        '-Dhttps.proxyPort=4000 -Dhttp.nonProxyHosts=localhost|127.0.0.1',
    })
  })

  test.each(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])(
    'are none for a program with %s of its own',
    (name) => {
      expect(proxyEnvironment({[name]: 'http://proxy.example.com'}, URL_OF_PROXY)).toEqual({})
    },
  )

  test('leave what the program was told', () => {
    const own = {
      no_proxy: '.internal,10.0.0.1',
      NODE_USE_ENV_PROXY: '0',
      JAVA_TOOL_OPTIONS: '-Xmx64m',
    }
    expect(proxyEnvironment(own, URL_OF_PROXY)).toMatchObject({
      NO_PROXY: '.internal,10.0.0.1',
      no_proxy: '.internal,10.0.0.1',
      NODE_USE_ENV_PROXY: '0',
      JAVA_TOOL_OPTIONS: expect.stringMatching(
        /^-Xmx64m -Dhttp\.proxyHost=.*nonProxyHosts=\*\.internal\|10\.0\.0\.1$/,
      ) as unknown,
    })
    const java = {JAVA_TOOL_OPTIONS: '-Dhttp.proxyHost=proxy.example.com'}
    expect(proxyEnvironment(java, URL_OF_PROXY)).toMatchObject(java)
  })
})
