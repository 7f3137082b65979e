alter table posts validate constraint posts_body_html_bytes;
alter table comments validate constraint comments_body_html_bytes;
