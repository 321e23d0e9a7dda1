import * as Args from '@oclif/core/args'
import {BaseCommand} from '../src/cli/base-command.ts'
import {completionScript, type Shell, SHELLS} from '../src/cli/completion/scripts.ts'
import {didYouMean} from '../src/util/did-you-mean.ts'
import {commonFlags} from '../src/cli/flags/common-flags.ts'
import {usageError} from '../src/cli/usage-error.ts'

export default class Completion extends BaseCommand {
  static override summary = 'Print the script that completes commands in a shell'
  static override description =
    'Completes commands, flags and their values: services, revisions, tags, namespaces, contexts, ' +
    'profiles, and images that were used before.'
  static override examples = [
    '# bash, in this shell; add it to ~/.bashrc for all\n<%= config.bin %> completion bash > ~/.kntool-completion && source ~/.kntool-completion',
    '# zsh\n<%= config.bin %> completion zsh > "${fpath[1]}/_kntool"',
    '# fish\n<%= config.bin %> completion fish > ~/.config/fish/completions/kntool.fish',
    '# PowerShell\n<%= config.bin %> completion powershell | Out-String | Invoke-Expression',
  ]
  static override args = {
    shell: Args.string({
      description: SHELLS.join(', '),
      required: true,
      ignoreStdin: true,
    }),
  }
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override argumentsNeeded = `'completion' requires a shell: ${SHELLS.join(', ')}`

  async run(): Promise<void> {
    const {args} = await this.parse(Completion)
    const {shell} = args
    if (!isShell(shell)) {
      const message = `there is no completion for "${shell}", only for ${SHELLS.join(', ')}`
      throw usageError(message, 'kntool completion', didYouMean(shell, SHELLS))
    }
    this.print(completionScript(shell))
  }
}

function isShell(text: string): text is Shell {
  return (SHELLS as readonly string[]).includes(text)
}
