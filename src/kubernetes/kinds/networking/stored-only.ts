/** Kinds of networks that are stored, listed and described, and that nothing acts upon. */
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'

export const ingressClass: KindDeclaration = {
  groupVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  scope: 'Cluster',
  strategy: {hasGeneration: true},
}

export const ingress: KindDeclaration = {
  groupVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  subresources: [statusSubresource],
  strategy: {hasStatus: true, hasGeneration: true},
  withoutEffect: 'no ingress controller serves it; use a Knative Service or Route',
}

export const ipAddress: KindDeclaration = {
  groupVersion: 'networking.k8s.io/v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  scope: 'Cluster',
  shortNames: ['ip'],
}

export const networkPolicy: KindDeclaration = {
  groupVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  strategy: {hasGeneration: true},
  withoutEffect: 'all pods reach one another',
}

export const serviceCidr: KindDeclaration = {
  groupVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  scope: 'Cluster',
  subresources: [statusSubresource],
  strategy: {hasStatus: true},
}
