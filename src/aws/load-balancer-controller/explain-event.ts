/** What the warnings of whoever makes a load balancer mean, and what to do about them. */

/** An explanation of a text of a controller. */
export interface EventExplanation {
  readonly hint: string
  readonly command: string
}

interface Rule {
  readonly fits: RegExp
  explain(match: RegExpExecArray): EventExplanation
}

/** The first that fits explains: the texts are those of the AWS Load Balancer Controller. */
const RULES: readonly Rule[] = [
  {
    fits: /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/,
    explain: ([, action = '']) => ({
      hint: `The role of the AWS Load Balancer Controller lacks ${action}: give it the policy of its version.`,
      command:
        'kubectl get serviceaccount -A -l app.kubernetes.io/name=aws-load-balancer-controller -o yaml',
    }),
  },
  {
    fits: /unable to resolve at least one subnet|couldn't auto-discover subnets|unable to discover at least one subnet/i,
    explain: () => ({
      hint: 'Tag a subnet of each zone kubernetes.io/role/elb=1 (internal: kubernetes.io/role/internal-elb=1), or name them: --subnets A,B',
      command: 'aws ec2 create-tags --resources SUBNET --tags Key=kubernetes.io/role/elb,Value=1',
    }),
  },
  {
    fits: /couldn't find all subnets, nameOrIDs: \[([^\]]*)\]/,
    explain: ([, names = '']) => ({
      hint: `Some of the subnets ${names} are not in the VPC of the cluster, or are misspelt.`,
      command: `aws ec2 describe-subnets --subnet-ids ${names.replaceAll(',', ' ')}`,
    }),
  },
  {
    fits: /multiple subnets in same Availability Zone ([\w-]+)/,
    explain: ([, zone = '']) => ({
      hint: `Give one subnet of each zone; ${zone} has several.`,
      command: 'kntool install plan --domain DOMAIN --subnets A,B',
    }),
  },
  {
    fits: /expect exactly one securityGroup tagged with (\S+)/,
    explain: ([, tag = '']) => ({
      hint: `The nodes have several security groups with the tag ${tag}, or none: exactly one may have it.`,
      command: `aws ec2 describe-security-groups --filters Name=tag-key,Values=${tag}`,
    }),
  },
  {
    fits: /OperationNotPermitted/,
    explain: () => ({
      hint: 'The load balancer is protected against deletion: deletion_protection.enabled=false first.',
      command: 'aws elbv2 describe-load-balancers --names istio-ingressgateway',
    }),
  },
  {
    fits: /DuplicateLoadBalancerName/,
    explain: () => ({
      hint: 'A load balancer of that name exists with other settings: choose another name, --lb-name.',
      command: 'kntool doctor --only load-balancer-name',
    }),
  },
  {
    fits: /SyncLoadBalancerFailed/,
    explain: () => ({
      hint: 'The cloud provider of the cluster tries to make the load balancer, not the AWS Load Balancer Controller.',
      command: 'kntool doctor --only load-balancer-controller,gateway-handler',
    }),
  },
]

/** What a warning about a load balancer means; undefined where its own words have to do. */
export function explainBalancerEvent(text: string): EventExplanation | undefined {
  for (const rule of RULES) {
    const match = rule.fits.exec(text)
    if (match !== null) return rule.explain(match)
  }
  return undefined
}
