/** Kinds of jobs, which nothing runs. */
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import {selectable} from '../../apiserver/registry/selectable-fields.ts'

export const cronJob: KindDeclaration = {
  groupVersion: 'batch/v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  subresources: [statusSubresource],
  strategy: {hasStatus: true, hasGeneration: true},
  withoutEffect: 'it starts no jobs',
}

export const job: KindDeclaration = {
  groupVersion: 'batch/v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  subresources: [statusSubresource],
  selectableFields: [selectable('status.successful')],
  strategy: {hasStatus: true, hasGeneration: true, defaultPropagation: 'Orphan'},
  withoutEffect: 'it is not run; use a Pod with restartPolicy Never',
}
