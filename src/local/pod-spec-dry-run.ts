import type {ConfigStore} from '../api/config/config-store.ts'
import {PODS} from '../api/core/v1.ts'
import type {Client} from '../client/client.ts'
import {makeSamplePod} from '../knative/controller/revision/sample-pod.ts'
import type {PodSpecDryRun} from '../knative/webhook/pod-spec-dry-run.ts'
import {messageOf} from '../util/message-of.ts'

/** Tries pods of templates on the cluster behind `client`; nothing is stored. */
export function dryRunOn(client: () => Client, configs: ConfigStore): PodSpecDryRun {
  return async (template, namespace) => {
    const pod = makeSamplePod(template, namespace, configs.snapshot())
    try {
      await client().create(PODS, pod, {dryRun: true})
      return undefined
    } catch (error) {
      return messageOf(error)
    }
  }
}
