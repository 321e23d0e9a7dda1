import type {Webhook} from './webhook-registry.ts'

/** What changes an object on its way to storage. */
export interface Mutation {
  readonly webhooks: readonly Webhook[]
  /** Asks a webhook and does what it wants; answers whether the object is another one now. */
  readonly apply: (webhook: Webhook) => Promise<boolean>
  /** Adds what the server itself adds to new objects; answers whether anything was missing. */
  readonly complete: () => Promise<boolean>
}

/**
 * Lets webhooks change an object one after the other, and those with `reinvocationPolicy: IfNeeded`
 * once more where somebody changed it after them.
 *
 * | after a webhook was asked                            | it is asked again |
 * | ---------------------------------------------------- | ----------------- |
 * | nobody changed the object                            | no                |
 * | another webhook did, `reinvocationPolicy: Never`     | no                |
 * | another webhook did, `reinvocationPolicy: IfNeeded`  | once              |
 * | the server did, completing what webhooks had changed | once, if IfNeeded |
 *
 * Counterpart of k8s.io/apiserver `admission/plugin/webhook/mutating` and its reinvoker.
 */
export async function runMutation(mutation: Mutation): Promise<void> {
  const again = new Set<Webhook>()
  let before = new Set<Webhook>()
  let isChanged = false
  const askOthersAgain = (): void => {
    for (const webhook of before) again.add(webhook)
    before = new Set()
  }
  const ask = async (webhook: Webhook): Promise<void> => {
    if (await mutation.apply(webhook)) {
      isChanged = true
      askOthersAgain()
    }
    if (webhook.isReinvocable) before.add(webhook)
  }
  for (const webhook of mutation.webhooks) await ask(webhook)
  if (!isChanged) return
  if (await mutation.complete()) askOthersAgain()
  for (const webhook of mutation.webhooks) if (again.has(webhook)) await ask(webhook)
}
