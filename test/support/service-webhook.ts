import type {UnknownObject} from '../../src/api/meta/object.ts'
import {resourceType} from '../../src/api/meta/resource-type.ts'

/** The resource of configurations of mutating webhooks. */
export const MUTATING_WEBHOOKS = resourceType<UnknownObject>(
  'admissionregistration.k8s.io/v1',
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
  'cluster',
)

/** What the AWS Load Balancer Controller registers to see every Service that is created. */
export const SERVICE_WEBHOOK: UnknownObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: {name: 'aws-load-balancer-webhook'},
  webhooks: [
    {
      name: 'mservice.elbv2.k8s.aws',
      clientConfig: {
        service: {namespace: 'kube-system', name: 'aws-load-balancer-webhook-service', path: '/'},
      },
      rules: [
        {apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services']},
      ],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
}
