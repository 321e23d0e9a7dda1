import type {Check} from './check.ts'
import {CLUSTER_CHECKS} from './checks/cluster-checks.ts'
import {DNS_CHECKS} from './checks/dns-checks.ts'
import {EXTERNAL_DNS_CHECKS} from './checks/external-dns-checks.ts'
import {GATEWAY_CHECKS} from './checks/gateway-checks.ts'
import {INSTALL_CHECKS} from './checks/install-checks.ts'
import {KNATIVE_CHECKS} from './checks/knative-checks.ts'
import {LOAD_BALANCER_CHECKS} from './checks/load-balancer-checks.ts'
import {PATH_CHECKS} from './checks/path-checks.ts'

/** Every check, in the order in which a person reads them: what others rest on comes first. */
export const ALL_CHECKS: readonly Check[] = [
  ...CLUSTER_CHECKS,
  ...INSTALL_CHECKS,
  ...KNATIVE_CHECKS,
  ...GATEWAY_CHECKS,
  ...LOAD_BALANCER_CHECKS,
  ...DNS_CHECKS,
  ...EXTERNAL_DNS_CHECKS,
  ...PATH_CHECKS,
]
