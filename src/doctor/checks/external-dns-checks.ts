/** Whether ExternalDNS runs, and what it says when it cannot do its work. */
import {type Pod, PODS} from '../../api/core/v1.ts'
import {isExternalDnsImage} from '../../aws/external-dns/configuration.ts'
import {podProblem} from '../../install/ready/pods.ts'
import {type Check, defineCheck, failed, ok, type Verdict} from '../check.ts'
import type {Readings} from '../readings.ts'

const LOGS = 'kubectl logs -A -l app.kubernetes.io/name=external-dns --tail=20'
const TAIL_LINES = 50

/** An ExternalDNS pod and the last lines of its log. */
export interface PodWithLog {
  readonly pod: Pod
  readonly log: string
}

interface Rule {
  readonly fits: RegExp
  readonly hint: string
  readonly command: string
}

/** What lines of its log mean; the texts are those of ExternalDNS and of AWS. */
const RULES: readonly Rule[] = [
  {
    fits: /assumed-role\/.*is not authorized to perform: route53:\w+/,
    hint: 'It may not do its work. If the role is that of the nodes, its ServiceAccount lacks the annotation eks.amazonaws.com/role-arn.',
    command: 'kntool install iam --mode external-dns',
  },
  {
    fits: /WebIdentityErr|InvalidIdentityToken|No OpenIDConnect provider/,
    hint: 'The cluster has no OIDC provider at IAM, or the role does not trust its ServiceAccount.',
    command: 'eksctl utils associate-iam-oidc-provider --cluster CLUSTER --approve',
  },
  {
    fits: /InvalidChangeBatch|failed to submit all changes/,
    hint: 'A record of that name is there and not its own: while it is, no record is changed at all.',
    command: 'kntool doctor --only record-owner',
  },
  {
    fits: /Throttling|Rate exceeded/,
    hint: 'Route 53 allows five requests a second for a whole account: --interval=5m, --aws-batch-change-size',
    command: LOGS,
  },
]

/** What keeps the pods of ExternalDNS from running, or them from doing anything. */
export function judgeExternalDnsPods(pods: readonly PodWithLog[]): Verdict {
  const problems = pods.flatMap(({pod}) => podProblem(pod) ?? [])
  const complaints = pods.flatMap(({log}) => complaintsIn(log))
  const [problem] = problems
  const newest = complaints.at(-1)
  if (problem === undefined && newest === undefined)
    return ok(...pods.map(({pod}) => pod.metadata.name))
  const said = complaints.findLast((line) => RULES.some(({fits}) => fits.test(line))) ?? newest
  const rule = RULES.find(({fits}) => fits.test(said ?? ''))
  const evidence = [...problems, ...complaints.slice(-3)]
  return failed({
    message:
      problem === undefined
        ? `ExternalDNS complains: ${said}`
        : `ExternalDNS does not run: ${problem}${said === undefined ? '.' : `; it said: ${said}`}`,
    evidence,
    ...(rule !== undefined && {hint: rule.hint}),
    command: rule?.command ?? LOGS,
    // It may recover, or another one may make the record.
    stopsInstall: false,
  })
}

/** The messages of errors in a log of logrus, in text or JSON. */
function complaintsIn(log: string): string[] {
  return log.split('\n').flatMap((line) => {
    if (!/level"?[=:]\s*"?(error|fatal)/.test(line)) return []
    const [, text, json] = /msg="((?:[^"\\]|\\.)*)"|"msg":"((?:[^"\\]|\\.)*)"/.exec(line) ?? []
    return [(text ?? json ?? line).replaceAll('\\"', '"').replaceAll('\\n', ' ').trim()]
  })
}

async function readPods(readings: Readings): Promise<PodWithLog[]> {
  const pods = (await readings.pods()).filter(({spec}) =>
    spec.containers.some(({image = ''}) => isExternalDnsImage(image)),
  )
  return Promise.all(pods.map(async (pod) => ({pod, log: await readings.log(pod, TAIL_LINES)})))
}

export const EXTERNAL_DNS_CHECKS: readonly Check[] = [
  defineCheck({
    id: 'external-dns-pods',
    category: 'dns',
    title: 'ExternalDNS runs, and does not complain',
    reads: [PODS.plural, 'pods/log'],
    beforeInstall: true,
    needs: ['real-cluster', 'external-dns'],
    read: ({readings}) => readPods(readings),
    judge: judgeExternalDnsPods,
  }),
]
