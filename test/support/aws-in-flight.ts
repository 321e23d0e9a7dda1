import type {AwsAccess} from '../../src/aws/aws-access.ts'
import {passTime} from './pass-time.ts'
import type {InstallCluster} from './install-cluster.ts'

/** Access to an AWS that answers over TCP, which takes real time that a fake clock does not see. */
export interface CountedAws {
  readonly aws: AwsAccess
  /** Lets time pass until `promise` settles, but none while AWS has yet to answer. */
  pass<T>(cluster: InstallCluster, promise: Promise<T>): Promise<T>
  /** Counts something else that takes real time. */
  count<T>(running: Promise<T>): Promise<T>
}

/** Counts the calls of `access` that are on their way. */
export function countCalls(access: AwsAccess): CountedAws {
  let inFlight = 0
  const count = <T>(running: Promise<T>): Promise<T> => {
    inFlight += 1
    return running.finally(() => (inFlight -= 1))
  }
  const counted = <T extends object>(api: T): T =>
    new Proxy(api, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) =>
          count(Promise.resolve(Reflect.apply(member, target, args) as unknown))
      },
    })
  return {
    count,
    aws: {
      loadBalancers: async () => counted(await count(access.loadBalancers())),
      hostedZones: async () => counted(await count(access.hostedZones())),
    },
    pass: (cluster, promise) =>
      passTime(cluster.clock, promise, () =>
        inFlight > 0 ? new Promise((resolve) => setTimeout(resolve, 1)) : undefined,
      ),
  }
}
