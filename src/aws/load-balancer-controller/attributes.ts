/** Attributes of Network Load Balancers and their target groups, and what they may be set to. */

type Rule = (value: string) => string | undefined

const BOOLEAN: Rule = (value) =>
  value === 'true' || value === 'false' ? undefined : 'has to be true or false'

function integer(min: number, max: number): Rule {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    return number >= min && number <= max ? undefined : `has to be between ${min} and ${max}`
  }
}

function oneOf(...values: string[]): Rule {
  return (value) => (values.includes(value) ? undefined : `has to be one of ${values.join(', ')}`)
}

const NOT_EMPTY: Rule = (value) => (value === '' ? 'must not be empty' : undefined)

const LOAD_BALANCER_RULES: Readonly<Record<string, Rule>> = {
  'load_balancing.cross_zone.enabled': BOOLEAN,
  'deletion_protection.enabled': BOOLEAN,
  'access_logs.s3.enabled': BOOLEAN,
  'access_logs.s3.bucket': NOT_EMPTY,
  'access_logs.s3.prefix': NOT_EMPTY,
  'ipv6.deny_all_igw_traffic': BOOLEAN,
  'dns_record.client_routing_policy': oneOf(
    'any_availability_zone',
    'availability_zone_affinity',
    'partial_availability_zone_affinity',
  ),
  'zonal_shift.config.enabled': BOOLEAN,
}

const TARGET_GROUP_RULES: Readonly<Record<string, Rule>> = {
  'deregistration_delay.timeout_seconds': integer(0, 3600),
  'deregistration_delay.connection_termination.enabled': BOOLEAN,
  'proxy_protocol_v2.enabled': BOOLEAN,
  'preserve_client_ip.enabled': BOOLEAN,
  'stickiness.enabled': BOOLEAN,
  'stickiness.type': oneOf('source_ip'),
  'target_health_state.unhealthy.connection_termination.enabled': BOOLEAN,
  'target_health_state.unhealthy.draining_interval_seconds': integer(0, 360_000),
  'load_balancing.cross_zone.enabled': oneOf('true', 'false', 'use_load_balancer_configuration'),
  'target_group_health.dns_failover.minimum_healthy_targets.count': NOT_EMPTY,
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': NOT_EMPTY,
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': NOT_EMPTY,
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': NOT_EMPTY,
}

/** What is wrong with attributes of an NLB; an empty list is fine. */
export function loadBalancerAttributeProblems(
  attributes: Readonly<Record<string, string>>,
): string[] {
  const problems = check(attributes, LOAD_BALANCER_RULES, 'a Network Load Balancer')
  if (attributes['access_logs.s3.enabled'] === 'true' && !attributes['access_logs.s3.bucket']) {
    problems.push('access_logs.s3.enabled needs access_logs.s3.bucket')
  }
  return problems
}

/** What is wrong with attributes of an NLB's target groups; an empty list is fine. */
export function targetGroupAttributeProblems(
  attributes: Readonly<Record<string, string>>,
): string[] {
  const problems = check(attributes, TARGET_GROUP_RULES, 'a target group')
  if (attributes['stickiness.enabled'] === 'true' && !attributes['stickiness.type']) {
    problems.push('stickiness.enabled=true needs stickiness.type=source_ip')
  }
  if (attributes['proxy_protocol_v2.enabled'] === 'true') {
    problems.push(
      'proxy_protocol_v2.enabled=true would break every request: the gateway does not expect it',
    )
  }
  return problems
}

function check(
  attributes: Readonly<Record<string, string>>,
  rules: Readonly<Record<string, Rule>>,
  what: string,
): string[] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    if (rule === undefined) {
      return [`${key} is not an attribute of ${what}; there are: ${Object.keys(rules).join(', ')}`]
    }
    const problem = rule(value)
    return problem === undefined ? [] : [`${key}=${value}: the value ${problem}`]
  })
}
