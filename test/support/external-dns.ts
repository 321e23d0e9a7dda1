import type {Deployment} from '../../src/api/apps/v1.ts'

/** An ExternalDNS whose texts name the owner `prod`, with whatever flags besides. */
export function externalDnsDeployment(...args: string[]): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'external-dns', namespace: 'kube-system'},
    spec: {
      selector: {matchLabels: {app: 'external-dns'}},
      template: {
        metadata: {labels: {app: 'external-dns'}},
        spec: {
          containers: [
            {
              name: 'external-dns',
              image: 'registry.k8s.io/external-dns/external-dns:v0.15.0',
              args: ['--source=service', '--provider=aws', '--txt-owner-id=prod', ...args],
            },
          ],
        },
      },
    },
  }
}
