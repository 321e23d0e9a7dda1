import type {CreatedRevision} from '../operations/revision/create-revision.ts'

/**
 * What became of a new revision.
 *
 * @example
 *   Revision 'web-00003' of service 'web' created in namespace 'default', without traffic. It is available at URL:
 *   http://candidate-web.default.example.com
 */
export function renderCreatedRevision({revision, name, namespace, url}: CreatedRevision): string {
  const what = `Revision '${revision}' of service '${name}' created in namespace '${namespace}', without traffic.`
  return url === undefined ? `${what}\n` : `${what} It is available at URL:\n${url}\n`
}
