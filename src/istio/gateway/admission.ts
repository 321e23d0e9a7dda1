import {denial} from '../../api/admission-denial.ts'
import type {AdmissionPlugin, AdmissionRequest} from '../../api/admission.ts'
import type {HTTPMatchRequest, StringMatch, VirtualService} from '../../api/istio/v1beta1.ts'
import {compileRegExp, RegExpSyntaxError} from '../../util/regexp/linear-regexp.ts'

/**
 * Refuses VirtualServices with a pattern that Envoy would not take.
 *
 * Counterpart of istio.io/istio `pkg/config/validation`, of which only this is here: what else it
 * looks at, the schema of the CRD does.
 */
export const istioAdmission: AdmissionPlugin = {
  name: 'validation.istio.io',

  handles({operation, type, subresource}: AdmissionRequest): boolean {
    return (
      type.plural === 'virtualservices' &&
      type.group === 'networking.istio.io' &&
      operation !== 'DELETE' &&
      subresource === undefined
    )
  },

  validate({object}: AdmissionRequest): void {
    const {spec} = object as VirtualService
    const problems = (spec?.http ?? []).flatMap(({match = []}) => match.flatMap(patternProblems))
    if (problems.length === 0) return
    throw denial('validation.istio.io', `configuration is invalid: ${problems.join('; ')}`)
  },
}

function patternProblems(match: HTTPMatchRequest): string[] {
  const {uri, scheme, method, authority, headers = {}} = match
  const fields = Object.entries({uri, scheme, method, authority, ...headers})
  return fields.flatMap(([where, condition]) => patternProblem(where, condition) ?? [])
}

/** Longer ones are refused by Istio, whatever they say. */
const MAX_LENGTH = 1024

function patternProblem(where: string, condition: StringMatch | undefined): string | undefined {
  const regex = condition?.regex
  if (regex === undefined) return undefined
  if (regex === '') return `"${where}": regex string match should not be empty`
  if (regex.length > MAX_LENGTH) {
    return `"${where}": regex is too large, max length allowed is ${MAX_LENGTH}`
  }
  try {
    compileRegExp(regex)
    return undefined
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error
    return `"${where}": ${error.message}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`
  }
}
