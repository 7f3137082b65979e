/**
 * Passwords and words that lead every published list of leaked ones, in lower case. Short entries matter too: a password
 * is also looked up without the digits and signs at its end.
 */
const words = `
abc abcd abcde abcdef abcdefg abcdefgh abcdefghi abc123abc admin administrator adminadmin administrator1 amanda andrea
andrew angel angels anthony apple arsenal asdf asdfasdf asdfgh asdfghjkl asdfghjkl1 ashley asshole azerty azertyuiop
babygirl baseball basketball batman beautiful blessed blink butterfly changeit changeme changemenow charlie cheese
chelsea chocolate computer computer1 confidential cookie corvette dallas daniel default diamond dolphin dragon eminem
estrella family flower football football1 forever freedom friends fuckyou fuckyou123 gateway ginger google guest
hannah harley hello helloworld hello123456 hockey hunter hunter2 iloveyou iloveyou1 iloveyouu iloveyou123 internet
jasmine jennifer jessica jonathan jordan joshua justin killer letmein letmeinnow letmein123 liverpool login london
loveme lovely loveyou manchester master matthew maverick mercedes michael michelle monkey monkey123 mustang myspace
nicole nothing password passwordpassword password1 password12 password123 password1234 password12345 passw0rd
p@ssw0rd p@ssword passwort pa55word pepper pokemon princess princess1 qazwsx qazwsxedc qazwsxedcrfv qwe qwer qwert
qwerty qwerty1 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyqwerty qwertyui qwertyuio qwertyuiop
qwertyuiopasdf 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 1qaz2wsx 1qaz2wsx3edc zaq12wsx
zaq12wsxcde3 rainbow ranger rockyou root rootroot samantha sanctum sanctumsanctum secret secretsecret security shadow
silver snoopy soccer spiderman starwars steelers summer sunshine superman superstar sweetheart test testtest tester
testing testing123 thomas thunder tigger trustno1 trustnoone user username victoria welcome welcome1 welcome123
welcometo whatever william winner winter wizard yankees zxcvbn zxcvbnm zxcvbnmasdf correcthorsebatterystaple
1111111111 0000000000 1212121212 1231231231 123123123123 1234512345 12345678910 123456789a 123456789q 1234567891
123456789123 0123456789 0987654321 9876543210 987654321a 1122334455 6666666666 147258369 147258369a 1029384756
a123456789 aa123456789 abc1234567 q123456789 123qweasdzxc 1234qwerasdf qweasdzxc qweasdzxc123 asdf1234 asdfasdfasdf
`;

export const commonPasswords: ReadonlySet<string> = new Set(words.split(/\s+/).filter((word) => word !== ''));
