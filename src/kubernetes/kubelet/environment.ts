import {
  CONFIG_MAPS,
  type ConfigMap,
  type Container,
  type EnvVar,
  type Pod,
  type Secret,
  SECRETS,
} from '../../api/core/v1.ts'
import type {Client} from '../../client/client.ts'
import {expandVariables} from '../runtimes/expand-variables.ts'
import {resolveField, resolveResourceField} from './downward-api.ts'

/** Something the container's configuration refers to is not there. */
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError'
}

/** What the environment of a container can refer to. */
export interface EnvironmentSource {
  readonly client: Client
  /** With the addresses it has now. */
  readonly pod: Pod
  readonly hostIp: string
}

const VALID_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/

/**
 * The environment of a container: `envFrom` first, then `env`, later ones beat earlier ones, and a
 * value may use `$(NAME)` of what stands before it.
 *
 * @throws ContainerConfigError in the kubelet's words when a key, ConfigMap or Secret is missing.
 */
export async function resolveEnvironment(
  source: EnvironmentSource,
  container: Container,
): Promise<Record<string, string>> {
  const objects = new ReferencedObjects(source)
  const env: Record<string, string> = {}
  for (const {prefix = '', configMapRef, secretRef} of container.envFrom ?? []) {
    const data =
      configMapRef !== undefined
        ? await objects.configMap(configMapRef.name ?? '', configMapRef.optional)
        : await objects.secret(secretRef?.name ?? '', secretRef?.optional)
    for (const [key, value] of Object.entries(data ?? {})) {
      if (VALID_NAME.test(prefix + key)) env[prefix + key] = value
    }
  }
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable, {source, container, objects, env})
    if (value !== undefined) env[variable.name] = value
  }
  return env
}

interface Scope {
  readonly source: EnvironmentSource
  readonly container: Container
  readonly objects: ReferencedObjects
  readonly env: Readonly<Record<string, string>>
}

async function valueOf(variable: EnvVar, scope: Scope): Promise<string | undefined> {
  const {valueFrom} = variable
  if (valueFrom === undefined) return expandVariables(variable.value ?? '', scope.env)
  const {pod, hostIp} = scope.source
  if (valueFrom.fieldRef !== undefined) {
    const value = resolveField(pod, valueFrom.fieldRef.fieldPath, hostIp)
    if (value !== undefined) return value
    throw new ContainerConfigError(`unsupported fieldPath: ${valueFrom.fieldRef.fieldPath}`)
  }
  if (valueFrom.resourceFieldRef !== undefined) {
    return resolveResourceField(pod, scope.container, valueFrom.resourceFieldRef)
  }
  if (valueFrom.configMapKeyRef !== undefined) {
    const {name = '', key, optional} = valueFrom.configMapKeyRef
    const value = (await scope.objects.configMap(name, optional))?.[key]
    if (value !== undefined || optional === true) return value
    throw new ContainerConfigError(
      `couldn't find key ${key} in ConfigMap ${pod.metadata.namespace}/${name}`,
    )
  }
  if (valueFrom.secretKeyRef === undefined) return ''
  const {name = '', key, optional} = valueFrom.secretKeyRef
  const value = (await scope.objects.secret(name, optional))?.[key]
  if (value !== undefined || optional === true) return value
  throw new ContainerConfigError(
    `couldn't find key ${key} in Secret ${pod.metadata.namespace}/${name}`,
  )
}

/** ConfigMaps and Secrets of the pod's namespace, each read once. */
class ReferencedObjects {
  readonly #source: EnvironmentSource
  readonly #known = new Map<string, Promise<Readonly<Record<string, string>> | undefined>>()

  constructor(source: EnvironmentSource) {
    this.#source = source
  }

  configMap(name: string, optional = false): Promise<Readonly<Record<string, string>> | undefined> {
    return this.#once(`configmap "${name}"`, optional, async () => {
      const object = await this.#source.client.find<ConfigMap>(CONFIG_MAPS, this.#key(name))
      return object && (object.data ?? {})
    })
  }

  secret(name: string, optional = false): Promise<Readonly<Record<string, string>> | undefined> {
    return this.#once(`secret "${name}"`, optional, async () => {
      const object = await this.#source.client.find<Secret>(SECRETS, this.#key(name))
      return object && decodeData(object)
    })
  }

  #key(name: string): {name: string; namespace: string | undefined} {
    return {name, namespace: this.#source.pod.metadata.namespace}
  }

  async #once(
    what: string,
    optional: boolean,
    read: () => Promise<Readonly<Record<string, string>> | undefined>,
  ): Promise<Readonly<Record<string, string>> | undefined> {
    let data = this.#known.get(what)
    if (data === undefined) {
      data = read()
      this.#known.set(what, data)
    }
    const found = await data
    if (found === undefined && !optional) throw new ContainerConfigError(`${what} not found`)
    return found
  }
}

function decodeData(secret: Secret): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  )
}
