/** Arguments that several commands share. */
import * as Args from '@oclif/core/args'

/** The name of one object, which has to be given. Standard input never stands in for it. */
export const requiredName = (what: string) =>
  Args.string({description: `Name of the ${what}`, required: true, ignoreStdin: true})

/** The name of one object to narrow a list to. */
export const optionalName = (what: string) =>
  Args.string({description: `Name of the ${what}`, ignoreStdin: true})
