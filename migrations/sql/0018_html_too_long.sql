-- Escaped as it was written, every body fits.
update posts set body_html = '<p>' || replace(replace(replace(body, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>'
where octet_length(body_html) > 262144;
update comments set body_html = '<p>' || replace(replace(replace(body, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>'
where octet_length(body_html) > 65536;
