/** Annotations of kn, which this client reads and writes so that both can be used in turn. */

/** The image as the user wrote it, where the template holds its digest. */
export const USER_IMAGE_ANNOTATION = 'client.knative.dev/user-image'
/** Makes every update a new revision, also one that changes nothing else. */
export const UPDATE_TIMESTAMP_ANNOTATION = 'client.knative.dev/updateTimestamp'
