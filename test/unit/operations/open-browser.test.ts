import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {browserCommand, openBrowser} from '../../../src/operations/open-browser.ts'
import {needs, platform} from '../../support/requirements.ts'

const URL = 'http://web.default.localhost:8080'

describe('browserCommand', () => {
  test.each([
    ['darwin', {}, ['open', URL]],
    ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', URL]],
    ['linux', {DISPLAY: ':0'}, ['xdg-open', URL]],
    ['linux', {WAYLAND_DISPLAY: 'wayland-0'}, ['xdg-open', URL]],
    ['linux', {BROWSER: 'firefox'}, ['xdg-open', URL]],
    ['linux', {}, undefined],
  ])('on %s with %j is %j', (platform, env, command) => {
    expect(browserCommand(URL, {platform, env})).toEqual(command)
  })
})

describe('openBrowser', () => {
  test(
    'starts the program with the URL as it is',
    needs(platform('another system than Windows', process.platform !== 'win32')),
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'kntool-browser-'))
      const program = join(folder, 'xdg-open')
      writeFileSync(
        program,
        `#!/bin/sh\nprintf %s "$1" > ${folder}/part && mv ${folder}/part ${folder}/url\n`,
      )
      chmodSync(program, 0o755)
      const url = `${URL}/?a=1&b=$(id)`
      const env = {PATH: `${folder}:${process.env['PATH']}`, DISPLAY: ':0'}
      expect(await openBrowser(url, {platform: 'linux', env})).toBe(true)
      await expect.poll(() => readFileSync(join(folder, 'url'), 'utf8')).toBe(url)
      rmSync(folder, {recursive: true})
    },
  )

  test('says that there is none', async () => {
    const env = {PATH: '/nosuch', DISPLAY: ':0'}
    expect(await openBrowser(URL, {platform: 'linux', env})).toBe(false)
  })
})
