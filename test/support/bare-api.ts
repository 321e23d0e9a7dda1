/** An API server with nothing in it, in a process of its own. */
import {spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {Client} from '../../src/client/client.ts'
import {resolveSecurity} from '../../src/client/credentials.ts'
import {HttpTransport} from '../../src/client/http-transport.ts'
import {loadKubeconfig, selectTarget} from '../../src/client/kubeconfig.ts'

const PROGRAM = join(import.meta.dirname, 'bare-api-server.ts')

/** A running server. Whoever starts it stops it. */
export interface BareApi {
  connect(): Promise<Client>
  stop(): void
}

/** Starts a server and writes its kubeconfig to `kubeconfig`. */
export function startBareApi(kubeconfig: string): Promise<BareApi> {
  return new Promise((resolve, reject) => {
    const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let text = ''
    server.on('error', reject)
    server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('---\n')
      if (end < 0) return
      writeFileSync(kubeconfig, text.slice(0, end), {mode: 0o600})
      resolve({connect: () => connect(kubeconfig), stop: () => server.stdin.end()})
    })
  })
}

async function connect(kubeconfig: string): Promise<Client> {
  const target = selectTarget(await loadKubeconfig([kubeconfig]), {})
  const security = await resolveSecurity(target)
  return new Client(new HttpTransport({server: target.cluster.server, security}))
}
