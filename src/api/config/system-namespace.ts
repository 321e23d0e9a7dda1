/** The namespace of Knative's ConfigMaps and components. */
export const SYSTEM_NAMESPACE = 'knative-serving'

/** The namespace of Istio's components, its gateways among them. */
export const ISTIO_NAMESPACE = 'istio-system'

/** The ConfigMap of the domains that routes get. */
export const CONFIG_DOMAIN = {namespace: SYSTEM_NAMESPACE, name: 'config-domain'} as const
