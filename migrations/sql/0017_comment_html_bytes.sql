alter table comments add constraint comments_body_html_bytes check (octet_length(body_html) <= 65536) not valid;
