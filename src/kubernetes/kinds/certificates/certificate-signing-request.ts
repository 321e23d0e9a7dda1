/** Requests for certificates, which nothing signs. */
import {type KindDeclaration, READ_WRITE, statusSubresource} from '../../apiserver/registry/kind.ts'
import {selectable} from '../../apiserver/registry/selectable-fields.ts'

export const certificateSigningRequest: KindDeclaration = {
  groupVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  scope: 'Cluster',
  shortNames: ['csr'],
  subresources: [{name: 'approval', verbs: READ_WRITE, writes: 'all'}, statusSubresource],
  selectableFields: [selectable('spec.signerName')],
  strategy: {hasStatus: true},
}
