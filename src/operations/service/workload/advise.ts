/** What to do about a trouble, and what a program's log says about it. */
import type {Condition} from '../../../api/conditions.ts'
import type {Trouble} from './trouble.ts'

/** Where the Service is, for the commands to type. */
export interface ServiceKey {
  readonly namespace: string
  readonly name: string
}

/**
 * What to do about a trouble: one sentence or command per entry, the most likely first.
 *
 * | kind          | told by                                     | advice                              |
 * |---------------|---------------------------------------------|-------------------------------------|
 * | refused       | "quota", "serviceaccount", "PodSecurity", a field | what makes room, the account, strict, its flag |
 * | retried       | "quota", "webhook"                          | what makes room, whom to look after |
 * | image         | "denied", "not found", else                 | pull secret, name and tag, describe |
 * | crashing      | exit code, OOMKilled, "exec format error"   | command, memory, architecture       |
 * | unschedulable | "Insufficient", "taint", "affinity", claims | requests, tolerations, labels       |
 * | probe         | a port that the log names                   | that port                           |
 */
export function advise(trouble: Trouble, key: ServiceKey, log: readonly string[]): string[] {
  const {namespace, name} = key
  const update = `kntool service update ${name} -n ${namespace}`
  switch (trouble.kind) {
    case 'refused':
      return adviseRefused(trouble.message, namespace, update)
    case 'retried':
      return adviseRetried(trouble.message, namespace, update)
    case 'image':
      return adviseImage(trouble.message, namespace, update)
    case 'configuration':
      return [
        `Create what is missing (kubectl get secrets,configmaps -n ${namespace}), or take it out: ${update} --env NAME-`,
      ]
    case 'crashing':
      return adviseCrash(trouble, key, log)
    case 'volume':
      return [`See what it is about: kubectl describe pod ${trouble.pod} -n ${namespace}`]
    case 'unschedulable':
      return adviseUnschedulable(trouble, key)
    case 'probe':
      return adviseProbe(trouble, update, log)
  }
}

/** What to do about a revision that the API refused to store; nothing about any other condition. */
export function adviseCondition(
  {reason, message = ''}: Condition,
  {namespace, name}: ServiceKey,
): string[] {
  if (
    reason !== 'RevisionFailed' ||
    !/\bis invalid: |denied the request|is forbidden: /.test(message)
  ) {
    return []
  }
  return adviseRefused(message, namespace, `kntool service update ${name} -n ${namespace}`)
}

function adviseRefused(message: string, namespace: string, update: string): string[] {
  const account = /serviceaccount "([^"]+)" not found/.exec(message)?.[1]
  if (account !== undefined) {
    return [
      `Create it: kubectl create serviceaccount ${account} -n ${namespace}`,
      `Or use another: ${update} --service-account NAME`,
    ]
  }
  if (/quota/i.test(message)) {
    return [
      `Make room, or ask for less: kubectl describe quota -n ${namespace}`,
      `${update} --request cpu=100m,memory=64Mi`,
    ]
  }
  if (/PodSecurity/i.test(message)) return [`${update} --security-context strict`]
  if (/LimitRange|maximum .* usage|minimum .* usage/i.test(message)) {
    return [`See what is allowed: kubectl describe limitrange -n ${namespace}`]
  }
  const annotation = /metadata\.annotations: Invalid value: "([^"]+)"/.exec(message)?.[1]
  const flag =
    annotation === undefined
      ? FLAGS.find(([field]) => field.test(message))?.[1]
      : `--annotation-revision '${annotation}-'`
  return [
    flag === undefined
      ? `Change what it names, and make a new revision: ${update} …`
      : `Change what it names, and make a new revision: ${update} ${flag}`,
    'The text is that of the API server or an admission webhook that it asked.',
  ]
}

/** Which flag changes a field that was refused. */
const FLAGS: readonly (readonly [field: RegExp, flag: string])[] = [
  [/\.resources\b/, '--request cpu=100m --limit cpu=1'],
  [/metadata\.labels/, '--label-revision NAME-'],
  [/\.livenessProbe/, '--probe-liveness-opts OPTIONS'],
  [/\.readinessProbe/, '--probe-readiness-opts OPTIONS'],
  [/\.startupProbe/, '--probe-startup-opts OPTIONS'],
  [/\.envFrom\b/, '--env-from SOURCE-'],
  [/\.env\b/, '--env NAME-'],
  [/\.imagePullPolicy/, '--pull-policy Always'],
  [/\.volumeMounts/, '--mount /DIR-'],
  [/\.volumes/, '--volume NAME-'],
  [/\.image\b/, '--image IMAGE'],
]

function adviseRetried(message: string, namespace: string, update: string): string[] {
  if (/quota/i.test(message)) return adviseRefused(message, namespace, update)
  const goesOn = 'It is tried again and again, and goes on by itself once that works.'
  return /webhook/i.test(message)
    ? [
        'See the webhooks: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations',
        goesOn,
      ]
    : [goesOn]
}

function adviseImage(message: string, namespace: string, update: string): string[] {
  if (/unauthorized|authentication|denied|forbidden/i.test(message)) {
    return [
      `Give a secret for the registry: ${update} --pull-secret NAME`,
      `kubectl create secret docker-registry NAME -n ${namespace} --docker-server=… --docker-username=…`,
    ]
  }
  return [`Check the name and the tag of the image, then: ${update} --image IMAGE`]
}

function adviseCrash(
  trouble: Trouble,
  {namespace, name}: ServiceKey,
  log: readonly string[],
): string[] {
  const update = `kntool service update ${name} -n ${namespace}`
  const {exitCode, ended, port = 8080} = trouble
  if (ended === 'OOMKilled') return [`Give it more memory: ${update} --limit memory=512Mi`]
  if (log.some((line) => /exec format error/.test(line))) {
    return ['The image is for another processor architecture than the node.']
  }
  if (exitCode === 0) {
    return [
      `The program ended by itself; a service has to go on and listen on port ${port} ($PORT).`,
    ]
  }
  if (exitCode === 126 || exitCode === 127 || exitCode === 128) {
    return [
      `The command cannot be run in this image; look at --cmd and --arg: ${update} --cmd COMMAND`,
    ]
  }
  return [`The program ended; its log says why: kntool logs ${name} -n ${namespace} --previous`]
}

function adviseUnschedulable(
  {message, nodesComing, fatal}: Trouble,
  {namespace, name}: ServiceKey,
): string[] {
  if (nodesComing) return ['Nodes are being added for it.']
  const update = `kntool service update ${name} -n ${namespace}`
  const advice: string[] = []
  if (/Insufficient|Too many pods/.test(message)) {
    advice.push(`Ask for less, or add nodes: ${update} --request cpu=100m,memory=64Mi`)
  }
  if (/affinity|selector/.test(message)) {
    advice.push('No node has the labels that are asked for: kubectl get nodes --show-labels')
  }
  if (/taint/.test(message)) {
    advice.push(
      `Tolerate the taint: ${update} --toleration Key=…,Operator=Exists,Effect=NoSchedule`,
    )
  }
  if (/persistentvolumeclaim/i.test(message)) {
    advice.push(`The volume claim is not there, or not bound: kubectl get pvc -n ${namespace}`)
  }
  if (advice.length === 0) advice.push('See the nodes: kubectl get nodes')
  if (!fatal) advice.push('It starts by itself as soon as a node takes it, also one that is added.')
  return advice
}

function adviseProbe({port}: Trouble, update: string, log: readonly string[]): string[] {
  const other = portInLog(log, port)
  if (other !== undefined) {
    return [
      `Its log says that it listens on port ${other}: ${update} --port ${other}`,
      'Or make it listen on the port that the variable PORT names.',
    ]
  }
  return [
    `The program has to listen on port ${port ?? 8080} ($PORT) of all addresses (0.0.0.0), not of localhost only.`,
  ]
}

const LISTENS = /\b(?:listen\w*|serving|server|started|running|bound|port)\b(.*)$/i
const PORT = /(?::|\bport(?:\(s\)|s)?\W{0,3}|\bon )(\d{2,5})(?![\d:.])/i
const NOT_THE_PROGRAM = /metric|admin|manage|debug|health|probe|pprof|profil|inspector/i

/**
 * The port a log says the program listens on, if that is not `expected`; undefined as soon as the
 * log mentions the expected one, or only ports of something else than the program.
 */
export function portInLog(
  log: readonly string[],
  expected: number | undefined,
): number | undefined {
  const ports = log.flatMap((line) => {
    const said = NOT_THE_PROGRAM.test(line) ? undefined : LISTENS.exec(line)?.[0]
    const port = PORT.exec(said ?? '')?.[1]
    return port === undefined || Number(port) > 65_535 ? [] : [Number(port)]
  })
  return ports.some((port) => port === expected) ? undefined : ports.at(-1)
}
