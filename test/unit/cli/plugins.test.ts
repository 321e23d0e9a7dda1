import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {CommandTable} from '../../../src/cli/command-table.ts'
import {pluginsBelow} from '../../../src/cli/plugins.ts'

const TABLE: CommandTable = {
  commands: Object.fromEntries(
    ['service:create', 'service:list', 'curl'].map((id) => [id, {id, flags: {}}]),
  ),
}

describe('pluginsBelow', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kntool-plugins-'))
    const files = ['kntool-world', 'kn-service-log_all', 'kn-service-list', 'kn-curl', 'kn-service']
    for (const file of files) writeFileSync(join(folder, file), '', {mode: 0o700})
    mkdirSync(join(folder, 'kn-folder'))
  })
  afterAll(() => rmSync(folder, {recursive: true}))

  const names = async (path: string[], argv: string[] = []): Promise<string[]> => {
    const env = {HOME: folder, PATH: folder}
    return (await pluginsBelow(path, {argv, table: TABLE, env})).map(({name}) => name)
  }

  test('are those directly below, without those that a command hides', async () => {
    expect(await names([])).toEqual(['world'])
    expect(await names(['service'])).toEqual(['log-all'])
    expect(await names(['traffic'])).toEqual([])
  })

  test('are none where the configuration cannot be read: help is shown all the same', async () => {
    expect(await names([], ['--config', join(folder, 'nosuch.yaml')])).toEqual([])
  })
})
