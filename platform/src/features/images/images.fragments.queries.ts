/** Pictures as JSON, as pieces of SQL that queries share. No entry of the catalogue stands here. */

/** The ConversationImage shape; `image` is the alias of `conversation_images`. */
export function imageJson(image: string): string {
  return `json_build_object('id', ${image}.id,
      'url', '/api/conversations/' || ${image}.conversation_id || '/images/' || ${image}.id,
      'width', ${image}.width, 'height', ${image}.height, 'bytes', ${image}.bytes)`;
}

/** The picture that a message (alias of `messages`) shows; null without one, and once it is deleted. */
export function imageOfMessage(message: string): string {
  return `case when ${message}.image_id is not null and ${message}.deleted_at is null then (
        select ${imageJson('shown')} from conversation_images shown where shown.id = ${message}.image_id) end`;
}

/** True when the author may send the picture (an expression of type uuid): it is their own, of that conversation, and in no message yet. */
export function maySendImage(image: string, conversation: string, author: string): string {
  return `exists (
      select from conversation_images own
      where own.id = ${image} and own.conversation_id = ${conversation} and own.uploader_id = ${author}
        and own.position is null and own.released_at is null and own.bytes is not null
      for update)`;
}
