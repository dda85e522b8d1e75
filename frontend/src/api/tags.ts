import { getList, postJson } from './client'
import type { NewTagging, Tag, TagClass, TaggingDone } from './types'

export type TagSubject = Tag['applies_to']

/** The tags that a community has agreed on for persons, households or dwellings. */
export function fetchTags(communityId: number, appliesTo: TagSubject): Promise<Tag[]> {
  return getList<Tag>(`/api/tags/?community=${communityId}&applies_to=${appliesTo}&page_size=500`)
}

/** All classes, a tree. */
export function fetchTagClasses(communityId: number): Promise<TagClass[]> {
  return getList<TagClass>(`/api/tag-classes/?community=${communityId}&page_size=500`)
}

/** Give a tag. With the same `client_id` it is given once, however often it is sent. */
export function giveTag(order: NewTagging): Promise<TaggingDone> {
  return postJson<TaggingDone>('/api/taggings/', order)
}

/** It holds no longer. The audit keeps why. */
export function endTag(tag: number, subject: number, why: string): Promise<TaggingDone> {
  return postJson<TaggingDone>('/api/taggings/end/', { tag, subject, why })
}

/** Vouch that it holds. */
export function verifyTag(tag: number, subject: number): Promise<TaggingDone> {
  return postJson<TaggingDone>('/api/taggings/verify/', { tag, subject })
}
