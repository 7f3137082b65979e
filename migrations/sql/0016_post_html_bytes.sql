-- What a text becomes is bounded as the text itself is. Rows of earlier releases are looked at by 0018 and 0019.
alter table posts add constraint posts_body_html_bytes check (octet_length(body_html) <= 262144) not valid;
