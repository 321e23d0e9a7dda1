import {BaseCommand} from '../src/cli/base-command.ts'

export default class Version extends BaseCommand {
  static override summary = 'Show the version of this program'

  async run(): Promise<void> {
    await this.parse(Version)
    this.print(`Version: ${this.config.version}\n`)
  }
}
