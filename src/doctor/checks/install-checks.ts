/** Whether an installation may do what it has to, and would not run into somebody else's. */
import type {Deployment} from '../../api/apps/v1.ts'
import {ISTIO_NAMESPACE} from '../../api/config/system-namespace.ts'
import type {ConfigMap} from '../../api/core/v1.ts'
import type {CustomResourceDefinition} from '../../api/extensions/v1.ts'
import {nameTaken, type NameVerdict, checkName} from '../../install/gateway/check-name.ts'
import {gatewayAddress} from '../../install/gateway/find-gateway.ts'
import {findInstalled, type Installed} from '../../install/installed.ts'
import {neededFiles} from '../../install/release/release-files.ts'
import type {ReleaseVersions} from '../../install/release/verify-release.ts'
import {minorOf, parseVersion, upgradePath} from '../../install/versions.ts'
import {type Check, defineCheck, failed, ok, skipped, type Verdict, warned} from '../check.ts'
import {installedVersions, releaseToInstall} from '../installed-versions.ts'
import type {Patient} from '../patient.ts'
import {
  describePermission,
  lackingPermissions,
  neededPermissions,
  type Permission,
} from '../permissions.ts'

const SHOWN = 3

/** Whether whoever is connected has the rights. */
export function judgePermissions(lacking: readonly Permission[]): Verdict {
  const texts = lacking.map(describePermission)
  const [first] = lacking
  if (first === undefined) return ok()
  const more = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more rights` : ''
  const {verb, group, resource, namespace} = first
  return failed({
    message: `An installation needs rights you do not have: ${texts.slice(0, SHOWN).join(', ')}${more}.`,
    evidence: texts,
    hint: 'Ask an administrator of the cluster, or choose another context: --context NAME',
    command: `kubectl auth can-i ${verb} ${group === '' ? resource : `${resource}.${group}`}${namespace === undefined ? '' : ` -n ${namespace}`}`,
    code: 'KN_FORBIDDEN',
  })
}

interface Coming {
  readonly installed: ReleaseVersions
  readonly coming: ReleaseVersions
  readonly deployments: readonly Deployment[]
}

/** Whether the Istio that is there may be written over. */
export function judgeIstio({installed, coming, deployments}: Coming): Verdict {
  const istiod = deployments.find(
    ({metadata}) => metadata.namespace === ISTIO_NAMESPACE && metadata.name === 'istiod',
  )
  if (istiod === undefined) return ok('no Istio is there')
  const labels = istiod.metadata.labels ?? {}
  const annotations = istiod.metadata.annotations ?? {}
  const maker =
    annotations['meta.helm.sh/release-name'] === undefined
      ? labels['install.operator.istio.io/owning-resource'] === undefined
        ? undefined
        : 'istioctl'
      : 'helm'
  const [old, next] = [parseVersion(installed.istio ?? ''), parseVersion(coming.istio ?? '')]
  if (maker === 'helm') {
    return warned({
      message: `Istio ${installed.istio ?? ''} was installed by helm; the release's istio.yaml would write over it.`,
      hint: 'Let helm go first: helm uninstall istiod -n istio-system',
      command: 'helm list -n istio-system',
    })
  }
  if (old === undefined || next === undefined || minorOf(old) === minorOf(next)) {
    return ok(`Istio ${installed.istio ?? 'of an unknown version'}`)
  }
  return warned({
    message: `Istio ${installed.istio} is there; ${coming.istio} would take its place.`,
    hint: 'Istio is upgraded one minor at a time.',
    command: 'kubectl get deployment istiod -n istio-system -o wide',
  })
}

/** Whether the Knative that is there may become the one that comes. */
export function judgeKnative({
  installed,
  coming,
}: {
  installed: Pick<Installed, 'byOperator' | 'knativeVersion'> | undefined
  coming: string | undefined
}): Verdict {
  const from = installed?.knativeVersion
  if (from === undefined) return ok('no Knative is there')
  if (installed?.byOperator) {
    return failed({
      message: `Knative ${from} is managed by the Knative Operator, which would undo every change.`,
      command: 'kubectl get knativeservings -A',
      code: 'KN_CONFLICT',
    })
  }
  const [old, next] = [parseVersion(from), parseVersion(coming ?? '')]
  if (old === undefined || next === undefined) return ok(from)
  const path = upgradePath(old, next)
  if (!path.possible) {
    return failed({
      message: `Knative ${from} cannot become ${coming}: ${path.why}.`,
      command: `kntool install --domain DOMAIN --knative-version ${from}`,
      code: 'KN_CONFLICT',
    })
  }
  return path.hops.length > 1
    ? failed({
        message: `Knative ${from} cannot become ${coming} at once: it migrates what it stored from one minor to the next only.`,
        hint: `One after the other: ${path.hops.join(', ')}`,
        command: `kntool upgrade --to ${coming}`,
        code: 'KN_CONFLICT',
      })
    : ok(`${from} to ${coming}`)
}

interface Stored {
  readonly live: readonly CustomResourceDefinition[]
  readonly coming: readonly CustomResourceDefinition[]
}

/** Whether a definition that comes still has the versions in which objects are stored. */
export function judgeStoredVersions({live, coming}: Stored): Verdict {
  const gone = coming.flatMap(({metadata, spec}) => {
    const status = live.find((one) => one.metadata.name === metadata.name)?.status
    const stored = (status?.['storedVersions'] as string[] | undefined) ?? []
    return stored
      .filter((version) => !spec.versions.some(({name}) => name === version))
      .map((version) => `${metadata.name}: ${version}`)
  })
  const [first] = gone
  if (first === undefined) return ok()
  return failed({
    message: `Objects are stored in a version that the release no longer has: ${first}.`,
    evidence: gone,
    hint: 'Run the storage migration job of the installed release first: serving-post-install-jobs.yaml',
    command:
      'kubectl get crd -o jsonpath=\'{range .items[*]}{.metadata.name} {.status.storedVersions}{"\\n"}{end}\'',
    code: 'KN_CONFLICT',
  })
}

/** Whether AWS is asked where the cluster is. */
export function judgeRegion({asked, nodes}: {asked: string; nodes: string | undefined}): Verdict {
  if (nodes === undefined) return skipped('the nodes do not say where they are')
  if (asked === nodes) return ok(asked)
  return failed({
    message: `AWS is asked in ${asked}; the nodes of the cluster are in ${nodes}.`,
    hint: `Ask there: --region ${nodes}; or choose another context: --context NAME`,
    command: `export AWS_REGION=${nodes}`,
    code: 'KN_USAGE',
  })
}

/** Whether the load balancer may get its name. */
function judgeName({name, verdict}: {name: string; verdict: NameVerdict}): Verdict {
  switch (verdict.state) {
    case 'free':
      return ok(`${name} is free`)
    case 'ours':
      return ok(`${name} is the gateway's own`)
    case 'unknown':
      return warned({
        message: `Whether another cluster has a load balancer "${name}" is unchecked: ${verdict.why}`,
        hint: 'A load balancer of that name would be taken over without a word.',
        command: `aws elbv2 describe-load-balancers --names ${name}`,
      })
    case 'taken': {
      const {message, hints} = nameTaken(name, verdict.by)
      const [hint = ''] = hints
      return failed({
        message,
        hint,
        command: `aws elbv2 describe-load-balancers --names ${name}`,
        code: 'KN_CONFLICT',
      })
    }
  }
}

/** Whether there is anything of HTTPS that a wildcard certificate cannot cover. */
export function judgeCertificate({
  hasCertificate,
  configMaps,
}: {
  hasCertificate: boolean
  configMaps: ReadonlyMap<string, ConfigMap>
}): Verdict {
  if (!hasCertificate) return skipped('no certificate is asked for')
  const template = configMaps.get('config-network')?.data?.['domain-template'] ?? DEFAULT_TEMPLATE
  const before = template.replace(/\{\{\s*\.Domain\s*\}\}.*$/, '')
  const labels = before
    .replaceAll(/\{\{[^}]*\}\}/g, 'x')
    .split('.')
    .filter((label) => label !== '')
  return labels.length <= 1
    ? ok(template)
    : warned({
        message: `A certificate of *.DOMAIN does not cover NAME.NAMESPACE.DOMAIN, which domain-template ${template} makes.`,
        hint: 'Certificates cover one label: let names and namespaces be one.',
        command:
          "kntool install --domain DOMAIN --set 'config-network/domain-template={{.Name}}-{{.Namespace}}.{{.Domain}}'",
      })
}

const DEFAULT_TEMPLATE = '{{.Name}}.{{.Namespace}}.{{.Domain}}'

async function readPermissions({readings, manifests, settings}: Patient): Promise<Permission[]> {
  const files =
    manifests === undefined
      ? []
      : await Promise.all(neededFiles(settings).map((file) => manifests.load(file)))
  return lackingPermissions(readings.client, neededPermissions(files.flat()))
}

async function readVersions({readings, manifests}: Patient): Promise<Coming> {
  const deployments = await readings.deployments()
  const installed = installedVersions(deployments)
  const coming = manifests === undefined ? {} : await releaseToInstall(manifests)
  return {installed, coming, deployments}
}

export const INSTALL_CHECKS: readonly Check[] = [
  defineCheck({
    id: 'permissions',
    category: 'cluster',
    title: 'You may do what an installation does',
    reads: ['selfsubjectaccessreviews.authorization.k8s.io'],
    beforeInstall: true,
    read: readPermissions,
    judge: judgePermissions,
  }),
  defineCheck({
    id: 'existing-istio',
    category: 'istio',
    title: 'No other Istio is in the way',
    reads: ['deployments.apps'],
    beforeInstall: true,
    needs: ['real-cluster'],
    read: readVersions,
    judge: judgeIstio,
  }),
  defineCheck({
    id: 'existing-knative',
    category: 'knative',
    title: 'No other Knative is in the way',
    reads: ['deployments.apps', 'customresourcedefinitions.apiextensions.k8s.io'],
    beforeInstall: true,
    needs: ['real-cluster'],
    read: async ({readings, manifests}) => ({
      installed: await findInstalled(readings.client),
      coming: manifests === undefined ? undefined : (await releaseToInstall(manifests)).knative,
    }),
    judge: judgeKnative,
  }),
  defineCheck({
    id: 'stored-versions',
    category: 'knative',
    title: 'The release knows every stored version',
    reads: ['customresourcedefinitions.apiextensions.k8s.io'],
    beforeInstall: true,
    needs: ['real-cluster'],
    read: async ({readings, manifests}): Promise<Stored> => ({
      live: await readings.definitions(),
      coming: ((await manifests?.load('serving-crds')) ?? []) as CustomResourceDefinition[],
    }),
    judge: judgeStoredVersions,
  }),
  defineCheck({
    id: 'aws-region',
    category: 'aws',
    title: 'AWS is asked where the cluster is',
    reads: ['nodes'],
    beforeInstall: true,
    needs: ['aws', 'nlb'],
    read: async ({aws, cluster}) => ({
      asked: (await aws.loadBalancers()).region,
      nodes: cluster.region,
    }),
    judge: judgeRegion,
  }),
  defineCheck({
    id: 'load-balancer-name',
    category: 'aws',
    title: 'No other cluster has the name of the load balancer',
    reads: ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTags'],
    beforeInstall: true,
    needs: ['aws', 'nlb'],
    read: async ({readings, aws, settings}) => {
      const name = settings.loadBalancer.kind === 'nlb' ? settings.loadBalancer.nlb.name : ''
      const address = gatewayAddress(await readings.gateway())
      // The name counts only when the load balancer is made.
      const verdict: NameVerdict =
        address === undefined
          ? await checkName(name, {client: readings.client, aws})
          : {state: 'ours'}
      return {name, verdict}
    },
    judge: judgeName,
  }),
  defineCheck({
    id: 'certificate',
    category: 'load-balancer',
    title: 'The certificate covers the names of services',
    reads: ['configmaps'],
    beforeInstall: true,
    needs: ['real-cluster', 'nlb'],
    read: async ({readings, settings: {loadBalancer}}) => ({
      hasCertificate: loadBalancer.kind === 'nlb' && loadBalancer.nlb.certificateArn !== undefined,
      configMaps: await readings.configMaps(),
    }),
    judge: judgeCertificate,
  }),
]
