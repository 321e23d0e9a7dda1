/** Finding revisions without looking at all of them. */
import {
  CONFIGURATION_GENERATION_LABEL,
  CONFIGURATION_LABEL,
} from '../../api/serving/metadata-keys.ts'
import {type Revision, REVISIONS} from '../../api/serving/v1.ts'
import type {Informer, InformerFactory} from '../../controller/informer.ts'

/** Index of revisions by `namespace/name` of their Configuration. */
export const REVISIONS_BY_CONFIGURATION = 'configuration'

/** The informer of revisions, indexed by {@link REVISIONS_BY_CONFIGURATION}. */
export function revisionInformer(informers: InformerFactory): Informer<Revision> {
  const informer = informers.of(REVISIONS)
  informer.addIndex(REVISIONS_BY_CONFIGURATION, ({metadata}) => {
    const configuration = metadata.labels?.[CONFIGURATION_LABEL]
    return configuration === undefined ? [] : [`${metadata.namespace ?? ''}/${configuration}`]
  })
  return informer
}

/** The generation of its Configuration that a revision is made from; undefined when nobody says. */
export function configurationGeneration({metadata}: Revision): number | undefined {
  const text = metadata.labels?.[CONFIGURATION_GENERATION_LABEL] ?? ''
  return /^[0-9]+$/.test(text) ? Number(text) : undefined
}
