/** Which of a revision's containers takes the requests, and how. */
import type {Container} from '../../api/core/v1.ts'
import type {Revision} from '../../api/serving/v1.ts'

const DEFAULT_USER_PORT = 8080

/** The only container, or the one with a port; validation sees to it that there is one. */
export function servingContainer(revision: Revision): Container {
  const {containers} = revision.spec
  const only = containers.length === 1 ? containers[0] : undefined
  return only ?? containers.find((container) => (container.ports ?? []).length > 0) ?? {}
}

/** The port on which the user's program listens. */
export function userPort(revision: Revision): number {
  const port = servingContainer(revision).ports?.[0]?.containerPort ?? 0
  return port === 0 ? DEFAULT_USER_PORT : port
}

/** HTTP/2 without TLS where the port is named `h2c`, else HTTP/1. */
export function protocolOf(revision: Revision): 'http1' | 'h2c' {
  return servingContainer(revision).ports?.[0]?.name === 'h2c' ? 'h2c' : 'http1'
}
