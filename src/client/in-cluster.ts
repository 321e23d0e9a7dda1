import {existsSync} from 'node:fs'
import type {KubeconfigTarget} from './kubeconfig.ts'

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The cluster of the pod this process runs in, or undefined outside of pods. */
export function inClusterTarget(
  env: Readonly<Record<string, string | undefined>>,
): KubeconfigTarget | undefined {
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT']
  if (!host || !port || !existsSync(`${FOLDER}/token`)) return undefined
  const address = host.includes(':') ? `[${host}]` : host
  return {
    contextName: 'in-cluster',
    clusterName: 'in-cluster',
    userName: 'service account',
    cluster: {server: `https://${address}:${port}`, 'certificate-authority': `${FOLDER}/ca.crt`},
    user: {tokenFile: `${FOLDER}/token`},
    namespace: 'default',
  }
}
