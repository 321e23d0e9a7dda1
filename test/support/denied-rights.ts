import type {ApiRequest} from '../../src/api/transport.ts'
import type {Permission} from '../../src/doctor/permissions.ts'
import type {Fault} from './install-cluster.ts'

/** An API server that says no to some questions about rights, and never that all is allowed. */
export function denying(isDenied: (asked: Permission) => boolean): Fault {
  return ({path, body}: ApiRequest) => {
    if (!path.endsWith('selfsubjectaccessreviews')) return undefined
    const review = body as {spec: {resourceAttributes: Permission}}
    const asked = review.spec.resourceAttributes
    const value = {...review, status: {allowed: asked.verb !== '*' && !isDenied(asked)}}
    return {status: 201, headers: {}, warnings: [], body: {kind: 'json', value}}
  }
}
