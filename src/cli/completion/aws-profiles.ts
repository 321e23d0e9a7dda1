import {readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

/** The profiles in the files of the AWS tools, without reading what they say. */
export function awsProfiles(env: Readonly<Record<string, string | undefined>>): string[] {
  const folder = join(env['HOME'] ?? homedir(), '.aws')
  const files = [
    env['AWS_CONFIG_FILE'] || join(folder, 'config'),
    env['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials'),
  ]
  return [...new Set(files.flatMap(profilesIn))]
}

function profilesIn(path: string): string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  const sections = text.matchAll(/^\s*\[\s*(?:profile\s+)?([^\]\s]+)\s*\]/gm)
  return [...sections].map(([, name = '']) => name)
}
