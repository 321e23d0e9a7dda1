import type {UserInfo} from '../../../api/admission.ts'
import {badRequest} from '../errors.ts'

/** Header fields by lower-case name, each with all its values. */
type HeaderValues = Readonly<Record<string, readonly string[] | undefined>>

const EXTRA = 'impersonate-extra-'
const ANONYMOUS = 'system:anonymous'
const AUTHENTICATED = 'system:authenticated'
const UNAUTHENTICATED = 'system:unauthenticated'

/**
 * Who a request counts as from: whom its `Impersonate-*` fields name, else `user`. Whoever this
 * cluster knows may act as anybody, since there is no authorization.
 *
 * Counterpart of apiserver `filters.WithImpersonation`. Throws 400 for a group, uid or extra without
 * a user.
 */
export function impersonate(user: UserInfo, headers: HeaderValues): UserInfo {
  const username = headers['impersonate-user']?.[0] ?? ''
  const asked = headers['impersonate-group'] ?? []
  const uid = headers['impersonate-uid']?.[0] ?? ''
  const extra = Object.entries(headers).flatMap(([name, values = []]) =>
    name.startsWith(EXTRA) ? [[decodeName(name.slice(EXTRA.length)), values] as const] : [],
  )
  if (username === '') {
    if (asked.length === 0 && uid === '' && extra.length === 0) return user
    throw badRequest('Impersonate-Group, -Uid and -Extra need an Impersonate-User')
  }
  return {
    username,
    ...(uid !== '' && {uid}),
    groups: groupsOf(username, asked),
    ...(extra.length > 0 && {extra: Object.fromEntries(extra)}),
  }
}

/** A user is in the groups that are asked for, and in those that everybody like it is in. */
function groupsOf(username: string, asked: readonly string[]): readonly string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(username) ?? []
  const own = asked.length === 0 && namespace !== undefined ? accountGroups(namespace) : asked
  const everybody = username === ANONYMOUS ? UNAUTHENTICATED : AUTHENTICATED
  const isKnown = own.includes(AUTHENTICATED) || own.includes(UNAUTHENTICATED)
  return isKnown ? own : [...own, everybody]
}

/** Names of extras may hold characters that a header's name may not. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** The groups of a ServiceAccount. */
export function accountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
}
