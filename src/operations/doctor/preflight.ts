import type {Check} from '../../doctor/check.ts'
import {judgeFindings, PREFLIGHT_CHECKS, UPGRADE_CHECKS} from '../../doctor/preflight.ts'
import {Readings} from '../../doctor/readings.ts'
import {runChecks} from '../../doctor/run-checks.ts'
import type {ClusterLook} from '../../install/look-at-cluster.ts'
import type {InstallWishes} from '../../install/settings.ts'
import type {Preflight} from '../../install/steps/preflight-step.ts'

/** Longer than a doctor's patience: what is not known by then would stop the installation. */
const DEADLINE_MS = 30_000

/** The checks of the doctor, as an installation asks them of a cluster before its first write. */
export function installPreflight(cluster: ClusterLook, wishes: InstallWishes): Preflight {
  const asksForAws = wishes.loadBalancer === 'nlb' || wishes.dns === 'route53'
  return preflight(PREFLIGHT_CHECKS, cluster, cluster.nodesOnAws === true || asksForAws)
}

/** Those of them that mean something to an upgrade. */
export function upgradePreflight(cluster: ClusterLook): Preflight {
  return preflight(UPGRADE_CHECKS, cluster, cluster.nodesOnAws === true)
}

function preflight(checks: readonly Check[], cluster: ClusterLook, onAws: boolean): Preflight {
  return async ({client, settings, aws, probe, dns, clock, manifests}) => {
    const patient = {
      readings: new Readings(client),
      cluster,
      settings,
      onAws,
      isRunning: true,
      aws,
      probe,
      dns,
      clock,
      manifests,
    }
    const findings = await runChecks(checks, patient, {deadlineMs: DEADLINE_MS})
    return judgeFindings(findings, settings)
  }
}
