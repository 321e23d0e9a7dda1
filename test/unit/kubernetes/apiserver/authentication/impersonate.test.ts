import {expect, test} from 'vitest'
import {StatusError} from '../../../../../src/api/meta/status-error.ts'
import {impersonate} from '../../../../../src/kubernetes/apiserver/authentication/impersonate.ts'

const ADMIN = {username: 'admin', groups: ['system:masters']}

test.each([
  [{}, ADMIN],
  [{'impersonate-user': ['bob']}, {username: 'bob', groups: ['system:authenticated']}],
  [
    {'impersonate-user': ['bob'], 'impersonate-group': ['a', 'b'], 'impersonate-uid': ['7']},
    {username: 'bob', uid: '7', groups: ['a', 'b', 'system:authenticated']},
  ],
  [
    {'impersonate-user': ['bob'], 'impersonate-group': ['system:authenticated']},
    {username: 'bob', groups: ['system:authenticated']},
  ],
  [
    {'impersonate-user': ['system:serviceaccount:ns:robot']},
    {
      username: 'system:serviceaccount:ns:robot',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
    },
  ],
  [
    {'impersonate-user': ['system:anonymous']},
    {username: 'system:anonymous', groups: ['system:unauthenticated']},
  ],
  [
    {'impersonate-user': ['bob'], 'impersonate-extra-example.com%2Fscope': ['x', 'y']},
    {
      username: 'bob',
      groups: ['system:authenticated'],
      extra: {'example.com/scope': ['x', 'y']},
    },
  ],
])('%j acts as %j', (headers, user) => {
  expect(impersonate(ADMIN, headers)).toEqual(user)
})

test.each(['impersonate-group', 'impersonate-uid', 'impersonate-extra-a'])(
  '%s alone is refused',
  (name) => expect(() => impersonate(ADMIN, {[name]: ['x']})).toThrow(StatusError),
)
