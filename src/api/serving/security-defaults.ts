/** What `secure-pod-defaults` adds to containers: the restricted profile, as far as it is safe. */
import type {Container, SecurityContext} from '../core/v1.ts'

/** Makes a container's security context strict where neither it nor the pod's says anything, in place. */
export function defaultSecurityContext(
  podContext: SecurityContext | undefined,
  container: Container,
): void {
  const context: SecurityContext = container.securityContext ?? {}
  context.allowPrivilegeEscalation ??= false
  if ((podContext?.seccompProfile?.type ?? '') === '') {
    const profile = (context.seccompProfile ??= {type: ''})
    if ((profile.type ?? '') === '') profile.type = 'RuntimeDefault'
  }
  if (context.capabilities === undefined) {
    context.capabilities = {drop: ['ALL']}
    // Only this one lets a process that is not root listen on a low port.
    if ((container.ports ?? []).some((port) => port.containerPort < 1024)) {
      context.capabilities.add = ['NET_BIND_SERVICE']
    }
  }
  if (podContext?.runAsNonRoot === undefined) context.runAsNonRoot = true
  container.securityContext = {...context}
}
