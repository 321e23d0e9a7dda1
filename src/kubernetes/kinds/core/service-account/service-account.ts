import {CREATE, type KindDeclaration} from '../../../apiserver/registry/kind.ts'
import {token} from './token.ts'
import {tokensOf} from './tokens.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/serviceaccount`. */
export const serviceAccount: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  subresources: [
    {
      name: 'token',
      verbs: CREATE,
      kind: {group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest'},
      handle: token,
    },
  ],
  strategy: {returnsDeletedObject: true},
  hooks: (server) => ({
    authenticate(bearer) {
      const review = tokensOf(server).review(bearer)
      return 'user' in review ? review.user : undefined
    },
  }),
}
