/** Image, command, port, resources and security of the container that serves. */
import type {Container} from '../../../api/core/v1.ts'
import {canonicalQuantity} from '../../../util/quantity.ts'
import {invalid, parseMap} from './notation.ts'

const PULL_POLICIES = ['Always', 'Never', 'IfNotPresent']

/** Sets the pull policy, in whatever case it is written. */
export function editPullPolicy(container: Container, text: string): void {
  const policy = PULL_POLICIES.find((known) => known.toLowerCase() === text.toLowerCase())
  if (policy === undefined) {
    throw invalid(
      `invalid --pull-policy ${text}. Valid arguments (case insensitive): Always | Never | IfNotPresent`,
    )
  }
  container.imagePullPolicy = policy
}

/** Sets and takes away amounts of resources. */
export function editResources(
  container: Container,
  kind: 'requests' | 'limits',
  texts: readonly string[],
): void {
  const {set, remove} = parseMap(texts, kind === 'requests' ? '--request' : '--limit')
  const amounts = {...container.resources?.[kind]}
  for (const [resource, amount] of set) amounts[resource] = parseAmount(amount)
  for (const resource of remove) delete amounts[resource]
  const resources = {...container.resources, [kind]: amounts}
  if (Object.keys(amounts).length === 0) delete resources[kind]
  container.resources = resources
}

function parseAmount(text: string): string {
  try {
    return canonicalQuantity(text)
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

/** `8080` or `name:8080`; replaces all ports. */
export function editPort(container: Container, text: string): void {
  const colon = text.indexOf(':')
  const name = colon < 0 ? '' : text.slice(0, colon)
  const number = text.slice(colon + 1)
  if (!/^[+-]?\d+$/.test(number) || Math.abs(Number(number)) > 2 ** 31 - 1) {
    throw invalid(
      `the port specification '${text}' is not valid. Please provide in the format 'NAME:PORT', ` +
        "where 'NAME' is optional. Examples: '--port h2c:8080' , '--port 8080'.",
    )
  }
  container.ports = [{...(name !== '' && {name}), containerPort: Number(number)}]
}

const STRICT_SECURITY_CONTEXT = {
  allowPrivilegeEscalation: false,
  capabilities: {drop: ['ALL']},
  runAsNonRoot: true,
  seccompProfile: {type: 'RuntimeDefault'},
}

/** `none` takes the security context away, `strict` sets what restricted clusters ask for. */
export function editSecurityContext(container: Container, text: string): void {
  switch (text.toLowerCase()) {
    case 'none':
      delete container.securityContext
      return
    case 'strict':
      container.securityContext = structuredClone(STRICT_SECURITY_CONTEXT)
      return
    default:
      throw invalid(`invalid --security-context ${text}. Valid arguments: strict | none`)
  }
}

/** Sets the numeric user the container runs as, in the place of any other security context, as kn 1.13. */
export function editUser(container: Container, user: number): void {
  container.securityContext = {runAsUser: user}
}
