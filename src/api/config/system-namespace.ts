/** The namespace of Knative's ConfigMaps and components. */
export const SYSTEM_NAMESPACE = 'knative-serving'
