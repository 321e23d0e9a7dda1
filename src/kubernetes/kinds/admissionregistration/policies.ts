/** Admission policies, which are stored and not evaluated. */
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'

export const mutatingAdmissionPolicy: KindDeclaration = {
  groupVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  scope: 'Cluster',
  categories: ['api-extensions'],
  withoutEffect: 'it is not evaluated; use a webhook',
}

export const mutatingAdmissionPolicyBinding: KindDeclaration = {
  groupVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  scope: 'Cluster',
  categories: ['api-extensions'],
}

export const validatingAdmissionPolicy: KindDeclaration = {
  groupVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  scope: 'Cluster',
  categories: ['api-extensions'],
  subresources: [statusSubresource],
  withoutEffect: 'it is not evaluated; use a webhook',
}

export const validatingAdmissionPolicyBinding: KindDeclaration = {
  groupVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  scope: 'Cluster',
  categories: ['api-extensions'],
}
